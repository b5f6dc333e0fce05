"""Knowledge as data: who was seized or reported, who hosts what, how default pages look."""
