"""Checks that no two segments share a name, and that each word of a name is true of the segment's numbers.

The claims are written down here a second time, apart from the engine's own words: what a word says of which feature,
for the plans of the data sets. A word that no claim knows is not true.
"""

import re

ABOVE, BELOW = 1, -1
LEAST_EFFECT = 0.2
# Beyond a medium effect nobody is average.
AVERAGE_MAX = 0.5

# A word, and the features it may speak of; shares of a channel, a category or a brand have claims of their own.
CLAIMS = [
    (r"(many|few) orders", "orders"),
    (r"(big|small) spenders", "spend"),
    (r"(frequent|infrequent) buyers", "frequency|purchases"),
    (r"(big|small) baskets", "line_value|order_value"),
    (r"(bulk buyers|few items at a time)", "pieces"),
    (r"(varied|narrow) tastes", "variety"),
    (r"(premium tastes|low prices)", "price_level"),
    (r"(lapsing|recent buyers)", "recency"),
    (r"(frequent returners|few returns)", "returns|return_rate"),
    (r"buying at (long|short) intervals", "gap"),
    (r"active at (long|short) intervals", "pace"),
    (r"not buying again", "gap"),
    (r"not active again", "pace"),
    (r"buying (more|less) than before|(more|less) active than before", "momentum"),
    (r"(very active|quiet)", "clicks|activity"),
    (r"(cart fillers|cart avoiders)", "cart_share|cart_rate"),
    (r"(decided buyers|seldom buying|window shoppers)", "purchase_share|purchase_rate|view_share"),
    (r"(mostly|seldom) buying", "buy_through"),
    (r"(cart finishers|cart abandoners)", "buy_through"),
    (r"(wish listers|few wishes)", "favourite_share"),
    (r"(searchers|few searches)", "search_share"),
    (r"(keen|light) browsers", "view_share"),
    (r"(many|few) (categories|brands)", r"\2"),
    (r"(?:less )?into (home|shoes|computers)", r"\1"),
]
DOWN = re.compile(
    r"^(few|small|infrequent|narrow|low|recent|quiet|light|seldom|less|hardly|no|not|nothing)\b"
    r"|avoiders|abandoners|short intervals|less than before"
)


def faults(personas):
    """What is wrong with the names, one line each."""
    names = [persona["name"] for persona in personas]
    for name in {name for name in names if names.count(name) > 1}:
        yield f"{names.count(name)} segments are called '{name}'"
    for persona in personas:
        if persona["name"] == "average shoppers":
            if any(abs(trait["effect"]) >= AVERAGE_MAX for trait in persona["typical"]):
                yield f"{persona['id']} is called average and is not"
            continue
        for word in re.sub(r" \d+$", "", persona["name"]).split(" · "):
            if not any(holds(word, trait) for trait in persona["typical"]):
                yield f"{persona['id']} '{persona['name']}': '{word}' is not borne out"


def holds(word, trait):
    """Whether a word speaks of a feature, and truly."""
    sign = BELOW if DOWN.search(word) else ABOVE
    for pattern, features in CLAIMS:
        match = re.fullmatch(pattern, word)
        if match and re.fullmatch(match.expand(features), trait["feature"]):
            # Window shopping is little buying, where it is not much looking.
            if word == "window shoppers" and trait["feature"].startswith("purchase"):
                return trait["effect"] <= -LEAST_EFFECT
            return sign * trait["effect"] >= LEAST_EFFECT
    return trait["unit"] == "share" and share_holds(word, trait)


def share_holds(word, trait):
    about = {"in store": "store", "in the app": "app", "toy": "toys", "shoe": "shoes"}
    quantity = r"more often|less often|hardly ever|not|less into|hardly any|no"
    brand = r"more|mostly|less|hardly anything|nothing"
    match = re.fullmatch(rf"(?:(?:({quantity}) |({brand}) of brand ))?(.+?)( lovers)?", word)
    thing = about.get(match[3], match[3])
    if not trait["feature"].startswith(thing):
        return False
    typical, effect = trait["typical"], trait["effect"]
    match match[1] or match[2]:
        case "less" | "less often" | "less into":
            return effect <= -LEAST_EFFECT
        case "hardly ever" | "hardly any" | "hardly anything":
            return effect <= -LEAST_EFFECT and typical <= 0.1
        case "no" | "not" | "nothing":
            return effect <= -LEAST_EFFECT and typical <= 0.02
        case None if not match[4]:
            return effect >= LEAST_EFFECT and typical >= 0.5
        case "mostly":
            return effect >= LEAST_EFFECT and typical >= 0.5
        case _:
            return effect >= LEAST_EFFECT
