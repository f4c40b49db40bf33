"""What the codes inside the law's tables are called: causes, sizes, schools, papers. A test knows them all."""

from collections.abc import Mapping

from lumbung.errors import marked

TERMS: Mapping[str, str] = {
    "above": marked("above that"),
    "after": marked("after that"),
    "age": marked("having reached the age"),
    "air": marked("by air"),
    "child": marked("a child"),
    "compensation": marked("death benefit"),
    "contract_ended": marked("the end of a contract"),
    "death": marked("death"),
    "development": marked("development result"),
    "disability": marked("disability"),
    "dismissed": marked("dismissal"),
    "economic_growth": marked("economic growth"),
    "from_jkk": marked("from the JKK contribution"),
    "from_jkm": marked("from the JKM contribution"),
    "funeral": marked("funeral"),
    "government": marked("from the government"),
    "high": marked("high"),
    "higher": marked("university"),
    "housing": marked("a home"),
    "inflation": marked("rise of prices"),
    "land": marked("by land"),
    "large": marked("large employer"),
    "left_indonesia": marked("leaving Indonesia for good"),
    "low": marked("low"),
    "lower_secondary": marked("junior high school"),
    "medium": marked("medium employer"),
    "micro": marked("micro employer"),
    "middle": marked("middle"),
    "other": marked("other work"),
    "parent": marked("a parent"),
    "periodic": marked("monthly money, paid at once"),
    "primary": marked("primary school"),
    "resigned": marked("resignation"),
    "retirement_preparation": marked("preparing for old age"),
    "sea": marked("by sea"),
    "small": marked("small employer"),
    "spouse": marked("the widow or widower"),
    "total_disability": marked("lasting total disability"),
    "transport": marked("transport"),
    "unknown": marked("unknown"),
    "upper_secondary": marked("senior high school"),
    "wage_growth": marked("rise of wages"),
}
# Codes that are the law's own, in every language.
OWN = frozenset({"PU", "BPU", "I", "II", "III", "IV", "V", "JHT", "JP", "JKK", "JKM", "JKP"})
