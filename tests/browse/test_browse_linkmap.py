"""The map of links: at most 200 addresses, the rarest first, the same drawing for the same links."""

from __future__ import annotations

import random

from scanner.browse.drawn import lines, spots
from scanner.browse.linkmap import MOST_EDGES, MOST_NODES, Link, draw, nearest

CENTRE = "centre.example"


def link(a: str, b: str, rarity: float, value: str = "v") -> Link:
    return Link(*sorted((a, b)), "mail", value, rarity)


def test_given_a_thousand_neighbours_then_the_200_rarest_are_drawn_and_the_rest_counted() -> None:
    links = [link(CENTRE, f"n{n}.example", n / 1000) for n in range(1000)]
    drawn = draw(CENTRE, links)
    assert len(drawn.nodes) == MOST_NODES
    assert {node.domain for node in drawn.nodes[1:]} == {f"n{n}.example" for n in range(801, 1000)}
    assert drawn.left_out == 801


def test_given_room_then_neighbours_of_neighbours_stand_on_the_second_ring_beside_theirs() -> None:
    drawn = draw(CENTRE, [link(CENTRE, "near.example", 0.5), link("near.example", "far.example", 1.0)])
    assert {node.domain: node.ring for node in drawn.nodes} == {
        CENTRE: 0,
        "near.example": 1,
        "far.example": 2,
    }
    assert len(drawn.edges) == 2


def test_given_a_link_that_does_not_reach_the_centre_then_it_is_not_drawn() -> None:
    drawn = draw(CENTRE, [link("a.example", "b.example", 1.0)])
    assert [node.domain for node in drawn.nodes] == [CENTRE]
    assert drawn.left_out == 2


def test_given_the_same_links_in_any_order_then_the_drawing_is_the_same() -> None:
    chance = random.Random(1)
    links = [
        link(chance.choice([CENTRE, f"x{n % 9}.example"]), f"y{n}.example", round(chance.random(), 1))
        for n in range(120)
    ]
    first = draw(CENTRE, links)
    for _ in range(5):
        chance.shuffle(links)
        assert draw(CENTRE, links) == first


def test_given_every_pair_linked_then_lines_stay_few_and_those_of_the_centre_are_kept() -> None:
    names = [CENTRE, *(f"n{n:02}.example" for n in range(60))]
    drawn = draw(CENTRE, [link(a, b, 0.1) for i, a in enumerate(names) for b in names[i + 1 :]])
    assert len(drawn.edges) == MOST_EDGES
    assert sum(CENTRE in edge.said for edge in drawn.edges) == 60


def test_given_many_values_between_two_then_one_line_says_the_rarest() -> None:
    drawn = draw(CENTRE, [link(CENTRE, "a.example", n / 10, f"value-{n}") for n in range(9)])
    assert len(drawn.edges) == 1
    assert drawn.edges[0].said.index("value-8") < drawn.edges[0].said.index("value-7")
    assert "6 more" in drawn.edges[0].said
    assert nearest(CENTRE, [link(CENTRE, "a.example", 1.0)] * 3) == ["a.example"]


def test_given_hostile_values_then_the_drawing_holds_them_as_text_and_links_our_pages_alone() -> None:
    value = "<script>x</script>\u202e" + '"' * 9
    drawn = draw(CENTRE, [link(CENTRE, "a.example", 1.0, value), link(CENTRE, "b.example", 1.0, value)])
    svg = lines(drawn.edges) + spots(
        drawn.nodes, {"a.example"}, {"b.example"}, lambda name: f"/-/target/{name}"
    )
    assert "<script" not in svg
    assert "\u202e" not in svg
    assert "⟨U+202E⟩" in svg
    assert svg.count("<a ") == 1
    assert 'href="/-/target/a.example"' in svg
    assert "listed" in svg


def test_given_200_addresses_then_each_dot_has_a_place_of_its_own_inside_the_drawing() -> None:
    drawn = draw(CENTRE, [link(CENTRE, f"n{n}.example", 0.5) for n in range(199)])
    left, top, width, height = map(float, drawn.box.split())
    places = [(node.x, node.y) for node in drawn.nodes]
    for i, (x, y) in enumerate(places):
        assert left + 10 <= x <= left + width - 10
        assert top + 10 <= y <= top + height - 10
        assert all(abs(x - a) + abs(y - b) > 14 for a, b in places[i + 1 :])
