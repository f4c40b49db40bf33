"""Whether two written names can be one person's: forgiving as Indonesian names need it, firm where they differ."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

# Titles and degrees, written without dots and blanks. What may also be part of a name (a lone letter other than H,
# "Putra", "Raden") is not here.
_TITLES = frozenset(
    """
    h hj haji hajjah kh hadji drs dra dr ir prof prov ust ustadz ustadzah tn ny nn sdr sdri bpk ibu bapak kyai
    apt drg drh ns bdn dipling
    se sh st sp si skom ssi ssos spd spdi sag spsi sik sked skep skm sfarm sgz skg skh spt spi ssn sds sip sap sab
    sakt sei she sthi shut spar stp str strkeb strkep sstp ste sm sba smb sh sthum shum sst sstft smn
    mm mt mh ma mba msi mkom mpd mpdi mag mhum msc msn msak mak mkn mkes mkm mph mep mars mti meng mfarm mpsi
    ba bsc bba beng bed llb llm phd dba edd
    amd amk amkeb amkep amdkeb amdkep amdkom amapd
    cpa ca ak cfa cfp spog spa spb spm spoto sppd spjp sprad span spkj spkk
    """.split()  # noqa: SIM905
)
_LINKS = frozenset({"bin", "binti", "bt"})
_MUHAMMAD = frozenset(
    """
    muhammad muhamad mohammad mohamad mohamed mohammed muhammed muhamed mochammad mochamad muchammad muchamad
    mokhamad mokhammad mukhamad mukhammad moh mohd mohm muh muhd mhd mhmd moch mochd much muchd mokh
    """.split()  # noqa: SIM905
)
_ABBREVIATED = {
    "abd": "abdul",
    "abdl": "abdul",
    "abdoel": "abdul",
    "abdur": "abdul",
    "abdus": "abdul",
    "st": "siti",
    "ach": "ahmad",
    "achm": "ahmad",
    "akh": "ahmad",
}

# Old spelling to new, and sounds that are written in several ways. Both names pass through, so all that matters is
# that variants meet. The order counts: dj before j, sj and ch before c, sy before y, dz before z, ph before f.
_SOUNDS = (
    ("oe", "u"),
    ("oo", "u"),
    ("uw", "u"),
    ("ae", "ai"),
    ("ck", "k"),
    ("tj", "c"),
    ("dj", "j"),
    ("sj", "sy"),
    ("sh", "sy"),
    ("nj", "ny"),
    ("kh", "h"),
    ("dh", "d"),
    ("th", "t"),
    ("gh", "g"),
    ("dz", "z"),
    ("ts", "s"),
    ("sy", "s"),
    ("z", "s"),
    ("ph", "f"),
    ("q", "k"),
    ("x", "ks"),
    ("v", "f"),
    ("f", "p"),
    ("j", "i"),
    ("y", "i"),
)
_REPEATED = re.compile(r"(.)\1+")
# Abdurrahman and Abdussalam are Abdul Rahman and Abdul Salam as they are spoken.
_ABDUL = re.compile(r"^abdu([rs])\1?(?=[a-z])")
_SILENT_H = re.compile(r"(?<=[aiueo])h$")


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a name: the ways it may sound, and whether it can stand for a longer one."""

    sounds: frozenset[str]
    is_short: bool

    def is_same(self, other: "_Word") -> bool:
        return not self.sounds.isdisjoint(other.sounds)

    def stands_for(self, other: "_Word") -> bool:
        """Whether this word is short for the other one."""
        return self.is_short and any(long.startswith(short) for short in self.sounds for long in other.sounds)


def same_name(one: str, other: str) -> bool:
    """Whether two written names can be one person's.

    Forgiven are case, punctuation, blanks, titles and degrees, the order of words, old and new spelling (oe/u,
    dj/j, tj/c, sj/sy, j/y), ch/kh/h, f/p/v, s/z/sy, ae/ai, uw/u, an h at the end, Abdurrahman for Abdul Rahman,
    doubled letters, the many ways to write Muhammad, and words cut to an initial, if at least one whole word is
    the same. A name may lack a Muhammad of the other, and any words if two whole words are common to both.
    Anything else is a difference.
    """
    if one == other or " ".join(one.casefold().split()) == " ".join(other.casefold().split()):
        return True
    # H may be a title or an initial, and so may other words: try without titles, then with them.
    return any(_agree(a, b) or _agree(b, a) for a, b in product(_readings(one), _readings(other)))


def name_key(name: str) -> str:
    """One text for most of the spellings that `same_name` forgives: whole words as they sound, in one order.

    For finding candidates in an index; two names with one key are still to be compared.
    """
    whole = [word for word in _words(name, with_titles=False) if not word.is_short]
    words = [word for word in whole if "muhammad" not in word.sounds] or whole
    # Chandra and Chairul: what one writes ch another writes c, kh or h.
    sounds = sorted(min(word.sounds).replace("c", "h") for word in words)
    return " ".join(sounds) or " ".join(name.casefold().split())


def _readings(name: str) -> Iterator[list[_Word]]:
    """The words of a name without titles, then with them if there are any."""
    bare = _words(name, with_titles=False)
    yield bare
    whole = _words(name, with_titles=True)
    if len(whole) > len(bare):
        yield whole


def _words(name: str, *, with_titles: bool) -> list[_Word]:
    """The words of a name, each with its sounds."""
    plain = name.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = re.sub(r"['’`‘ʼ\"]", "", plain)
    first, *rest = plain.split(",")
    parts = first.split()
    for part in rest:  # what follows a comma is one degree, "S. Kom." too
        parts += [_letters(part)] if _letters(part) in _TITLES else part.split()
    words: list[_Word] = []
    for part in parts:
        if not with_titles and (_letters(part) in _TITLES or _letters(part) in _LINKS):
            continue
        words += [_word(*found) for found in re.findall(r"([^\W_]+)(\.?)", part)]
    return words


def _letters(part: str) -> str:
    return "".join(sign for sign in part if sign.isalpha())


def _word(written: str, dot: str) -> _Word:
    if written in _MUHAMMAD:
        return _Word(frozenset({"muhammad"}), is_short=False)
    is_short = len(written) == 1 or (dot == "." and len(written) <= 4)
    return _Word(_sounds(_ABBREVIATED.get(written, written)), is_short)


@lru_cache(maxsize=10_000)
def _sounds(written: str) -> frozenset[str]:
    """The word as it sounds; `ch` is the old kh (Achmad) or a c (Chandra)."""
    return frozenset({_sound(written.replace("ch", "kh")), _sound(written.replace("ch", "c"))})


def _sound(written: str) -> str:
    written = _ABDUL.sub(r"abdul\1", written)
    for old, new in _SOUNDS:
        written = written.replace(old, new)
    return _SILENT_H.sub("", _REPEATED.sub(r"\1", _REPEATED.sub(r"\1", written).replace("ie", "i")))


def _agree(ones: list[_Word], others: list[_Word]) -> bool:
    """Whether the words of two names can be paired well enough."""
    if not ones or not others:
        return False
    if not _joined(ones).isdisjoint(_joined(others)):
        return True
    ones, others, whole = _without_pairs(ones, others)
    ones, others = _without_short(ones, others)
    others, ones = _without_short(others, ones)
    if not whole:
        return False
    if ones and others:
        return False
    return whole >= 2 or all(_is_muhammad(word) for word in ones + others)


def _is_muhammad(word: _Word) -> bool:
    """Whether a word is Muhammad, or its initial."""
    return "muhammad" in word.sounds or (word.is_short and "m" in word.sounds)


def _joined(words: list[_Word]) -> frozenset[str]:
    """The name without its blanks: *Nur Aini* is *Nuraini*."""
    return frozenset(_REPEATED.sub(r"\1", "".join(choose(word.sounds) for word in words)) for choose in (min, max))


def _without_pairs(ones: list[_Word], others: list[_Word]) -> tuple[list[_Word], list[_Word], int]:
    """What is left when equal words are taken away, and how many whole words were equal."""
    left, rest, whole = [], list(others), 0
    for word in ones:
        match = next((each for each in rest if word.is_same(each)), None)
        if match is None:
            left.append(word)
            continue
        rest.remove(match)
        whole += not (word.is_short and match.is_short)
    return left, rest, whole


def _without_short(shorts: list[_Word], longs: list[_Word]) -> tuple[list[_Word], list[_Word]]:
    """What is left when each abbreviation among the first has taken a word that it can stand for."""
    left, rest = [], list(longs)
    for word in shorts:
        match = next((each for each in rest if word.stands_for(each)), None)
        if match is None:
            left.append(word)
        else:
            rest.remove(match)
    return left, rest
