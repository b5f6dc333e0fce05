"""Sites whose texts are worth having in the library, and how the list is kept up to date."""
