"""A display name, read as a person's: given names and a last name, or none.

A display name proves something about a person only when it has the shape of a full
name. `Timothy C. May`, `May, Timothy`, `Dr. Tim May (work)` and `tim may -- +1 555 0100`
have; `NetSurfer`, `Anonymous User`, `The Mail Daemon` and `A slogan for the day` have
not, and are None. Letters are compared without case, accents and points.

Sources: the United States census of 1990 for the commonest names of people; everyday
English for short forms.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from posterity.relate.wordset import word_set

MAX_NAME = 200
"""Longest display name read; RFC 5322 §2.1.1 has no line over 998."""

MAX_TOKENS = 6
"""More words than this are a slogan."""


class PersonName(NamedTuple):
    """A full name: given names in order (initials too) and the last name, folded."""

    given: tuple[str, ...]
    last: str

    @property
    def first(self) -> str:
        """The first given name that is no initial, "" where all are."""
        return next((name for name in self.given if len(name) > 1), "")

    @property
    def middles(self) -> frozenset[str]:
        """Initials of the given names after the first that is no initial."""
        after = self.given.index(self.first) + 1 if self.first else len(self.given)
        return frozenset(name[0] for name in self.given[after:])


_BY_WAY_OF = re.compile(r"[()\s]*\bby way of\b.*", re.IGNORECASE | re.DOTALL)
_ASIDE = re.compile(r"\([^()]*\)?|\[[^\[\]]*\]?|\{[^{}]*\}?|<[^<>]*>?")
_NICKNAME = re.compile(r"(?:^|(?<=\s))(['\"`*~_])[^'\"`*~_]{1,40}\1(?=\s|$)")
_TAIL = re.compile(
    r"\s+(?:-+|[|:;~*=@+#&]|/)(?=\s).*|\s*/.*|[\s,]*\+?[\d(][-\d\s().x+]{5,}$|-{2,}.*",
    re.DOTALL,
)
_JOINERS = re.compile(r"[-._' \u2019]")
_WORDS = re.compile(r"[\s._]+")
_LETTERS = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_TITLES = word_set(
    """
    dr mr mrs ms miss prof professor rev reverend sir dame lord lady hon capt col lt maj
    sgt herr frau mme
    """
)
_SUFFIXES = word_set(
    """
    jr sr ii iii iv esq phd md ma ba bs bsc msc mba jd cpa pe ulc dds dphil frs usn usaf
    ret
    """
)
_PARTICLES = word_set(
    """
    af al ap bin ben da dal de del della den der di dos du el ibn la le les st ten ter
    van vander von vom zu zum zur
    """
)
_NO_NAMES = word_set(
    """
    a about account admin administrator all alias am an and anon anonymous any are as
    at attention automatic be bot bounce but by can center client committee company
    corp cypherpunk cypherpunks daemon delivery department desk digest distribution do
    editor email errors first for form forwarded free from gateway get group guest have
    help he her his how i if in inc info information internet is it just like limited
    list listserv ltd magazine mail mailbox mailer mailing majordomo manager master me
    message moderator my name network news newsletter no nobody none not notice of
    office on operator or our owner postmaster program project proxy public relay
    remailer reply request root sales server service services she site software staff
    subscriber subsystem superuser support sysadmin sysop system systems team test that the
    their they this to unix unknown unlisted user via was we web webmaster what when
    who why with withheld world www you your
    """
)
_SHORT_FORMS = """
    abe abraham; al alan allan allen; alec alex alexander alexandra sandy; andy drew
    andrew; angie angela; art arthur; barb barbara; bart bartholomew; becky rebecca; ben
    benjamin benny; bernie bernard; bert albert; beth betty liz lisa elizabeth; bill
    billy will willy william; bob bobby rob robby robert; brad bradley; carrie caroline;
    cathy kathy kate katie katherine catherine kathryn; charlie chuck charles; chris
    christopher; cindy cynthia; clem clement; cliff clifford; curt curtis; dan danny
    daniel; dave davey david; deb debbie deborah; dick rick ricky rich richard; don
    donny donald; doug douglas; ed eddie ted edward; eric erik; ernie ernest; fran
    frances francis; frank francis franklin; fred freddy frederick; gabe gabriel; gary
    garry; gene eugene; geoff jeff jeffrey geoffrey; gerry jerry gerald; greg gregory;
    hal harry harold; hank henry; herb herbert; jack john johnny; jon jonathan; jake
    jacob; jan janet; jim jimmy james; joe joey joseph; josh joshua; judy judith; karl
    carl; ken kenny kenneth; larry lawrence laurence; len lenny leonard; les leslie; lou
    louis lewis; lucy lucille; maggie meg peggy margaret; marc mark marcus; marv marvin;
    matt matthew; max maxwell; mel melvin; mike mick michael; mitch mitchell; nate
    nathan nathaniel; ned edward; nick nicholas nicolas; norm norman; pam pamela; pat
    patrick patricia; pete peter; phil phillip philip; ralph raphael; ray raymond; ron
    ronny ronald; russ russell; sam sammy samuel samantha; stan stanley; steph
    stephanie; steve stephen steven; stu stuart stewart; sue susan suzanne; terry
    terence terrence theresa; theo theodore; tim timmy timothy; tom tommy thomas; tony
    anthony; val valerie; vic victor; vince vincent; vlad vladimir; walt walter; wes
    wesley; zach zachary
"""
_COMMON_LAST = word_set(
    """
    smith johnson williams jones brown davis miller wilson moore taylor anderson thomas
    jackson white harris martin thompson garcia martinez robinson clark rodriguez lewis
    lee walker hall allen young king wright green adams baker scott
    """
)
_COMMON_FIRST = word_set(
    """
    james john robert michael william david richard charles joseph thomas christopher
    daniel paul mark donald george kenneth steven edward brian mary patricia linda
    barbara elizabeth jennifer maria susan kevin jason jeffrey
    """
)
_CROWDED_LAST = word_set(
    """
    wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin luo kim
    lee park choi jung nguyen tran le singh kumar wong chan
    """
)
"""Last names that so many bear that a full name without a middle initial is no proof."""


def _short_forms() -> dict[str, str]:
    """Each short form, and each name it stands for, to the first that stands for both."""
    forms: dict[str, str] = {}
    for row in _SHORT_FORMS.split(";"):
        names = row.split()
        root = next((forms[name] for name in names if name in forms), names[-1])
        forms.update((name, root) for name in names if name not in forms)
    return forms


_ROOTS = _short_forms()
_COMMON_ROOTS = frozenset(_ROOTS.get(name, name) for name in _COMMON_FIRST)


def root_name(given: str) -> str:
    """One name for a given name and its short forms: `bob` and `robert` are `robert`."""
    return _ROOTS.get(given, given)


def fold(text: str) -> str:
    """Text without case, accents and compatibility forms, for comparing."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in parts if not unicodedata.combining(char))


def clean_name(display: str) -> str:
    """A display name as a page shows it: without quotes, "by way of", and the address.

    Returns:
        The name, "" where it is no name but an address.
    """
    plain = _BY_WAY_OF.sub("", display[:MAX_NAME])
    plain = " ".join(plain.replace("\\", "").split()).strip("\"' ,;")
    return "" if "@" in plain else plain


@lru_cache(maxsize=131072)
def read_name(display: str) -> PersonName | None:
    """The full name in a display name, or None where it holds no full name.

    A full name has a given name of two letters or more, or an initial, and a last name
    of two letters or more; all words are letters, and none is a word of no name.
    """
    plain = clean_name(display)
    plain = _TAIL.sub("", _NICKNAME.sub(" ", _ASIDE.sub(" ", plain))).strip(" ,;-*~")
    words = _ordered(plain)
    if not 2 <= len(words) <= MAX_TOKENS or not _is_person(words):
        return None
    return _split_last(words)


def _ordered(plain: str) -> list[str]:
    """The words of a name, folded, the last name last, titles and degrees left out."""
    parts = [part.strip() for part in plain.split(",")]
    while len(parts) > 1 and _is_suffix(parts[-1]):
        del parts[-1]
    if len(parts) > 2:
        return []
    if len(parts) == 2:
        parts = _given_first(parts[0], parts[1])
    words = [word for word in _WORDS.split(fold(" ".join(parts))) if word]
    while words and words[0] in _TITLES:
        del words[0]
    while len(words) > 2 and words[-1] in _SUFFIXES:
        del words[-1]
    return words


def _given_first(left: str, right: str) -> list[str]:
    """`May, Timothy` turned round; of `Tim May, Technology` the name alone."""
    words = fold(left).split()
    if len(words) > 1 and words[0] not in _PARTICLES:
        return [left]
    return [right, left]


def _is_suffix(part: str) -> bool:
    return fold(part).replace(".", "").replace(" ", "") in _SUFFIXES | {""}


def _is_person(words: list[str]) -> bool:
    """Whether words can be a person's name."""
    if any(not _LETTERS.fullmatch(word) for word in words):
        return False
    inner = [word for word in words if len(word) > 1]
    return bool(inner) and len(words[-1]) > 1 and _NO_NAMES.isdisjoint(inner)


def _split_last(words: list[str]) -> PersonName | None:
    """Given names, and the last name with what belongs to it (`van den Berg`)."""
    at = len(words) - 1
    while at > 1 and words[at - 1] in _PARTICLES:
        at -= 1
    return PersonName(tuple(words[:at]), " ".join(words[at:]))


def is_common(name: PersonName) -> bool:
    """Whether so many people bear the name that it tells nobody from another."""
    if name.last in _CROWDED_LAST:
        return not name.middles
    return (
        name.last in _COMMON_LAST
        and root_name(name.first) in _COMMON_ROOTS
        and not name.middles
    )


def agree(one: PersonName, other: PersonName) -> bool:
    """Whether two names may be one person's: `T. May`, `Tim C. May`, `Timothy May`."""
    if one.last != other.last:
        return False
    shared = {root_name(n) for n in one.given if len(n) > 1} & {
        root_name(n) for n in other.given if len(n) > 1
    }
    if shared:
        return not (one.middles and other.middles and one.middles.isdisjoint(other.middles))
    return (len(one.given[0]) == 1 or len(other.given[0]) == 1) and (
        one.given[0][0] == other.given[0][0]
    )


def fits(user: str, name: PersonName) -> bool:
    """Whether a user name is made of a name: `tcmay`, `tim.may`, `may`, `tim`, `mayt`.

    A user name with figures in it is given where names do not suffice, and never fits.
    """
    letters = _JOINERS.sub("", fold(user))
    last = _JOINERS.sub("", name.last)
    firsts = _given_forms(name)
    if not letters.isalpha() or len(letters) < 2:
        return False
    if letters in firsts or last.startswith(letters):
        return letters in firsts or letters == last or len(letters) > 3
    if letters.startswith(last):
        return any(given.startswith(letters[len(last) :]) for given in firsts)
    return any(_is_head_and_last(letters, given, last) for given in firsts) or (
        not name.middles and letters[0] == name.given[0][0] and last.startswith(letters[2:])
    )


def _given_forms(name: PersonName) -> frozenset[str]:
    """Given names, their long forms, and the run of all initials."""
    initials = "".join(given[0] for given in name.given)
    return frozenset(form for given in name.given for form in (given, root_name(given))) | {
        initials
    }


def _is_head_and_last(letters: str, given: str, last: str) -> bool:
    """Whether letters are a given name or its initial, then a beginning of the last."""
    if len(given) > 1 and letters.startswith(given):
        return last.startswith(letters[len(given) :])
    return letters[0] == given[0] and len(letters) > 2 and last.startswith(letters[1:])
