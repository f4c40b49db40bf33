"""The law for everybody: no token is needed, and what did not change is not sent again."""

from types import TracebackType
from typing import Any, Literal, Self

import httpx

from lumbung_client.answers import Parameter, Result, parameter, result
from lumbung_client.problems import checked

Language = Literal["en", "id"]


class Law:
    """What the law says, asked of a server. Use it in a `with`, or `close` it."""

    def __init__(
        self, address: str, *, language: Language = "en", transport: httpx.BaseTransport | None = None
    ) -> None:
        self._http = httpx.Client(base_url=f"{address.rstrip('/')}/api/v1/law/", transport=transport, timeout=20)
        self._language: Language = language
        self._kept: dict[str, tuple[str, dict[str, Any]]] = {}

    def parameters(self) -> tuple[Parameter, ...]:
        """Every number of the law with its history and sources."""
        data = self._get("parameters")
        return tuple(parameter(each, data["law_version"]) for each in data["parameters"])

    def parameter(self, name: str) -> Parameter:
        """One number of the law, with the cases that prove it. Raises Problem with the code not_found."""
        data = self._get(f"parameters/{name}")
        return parameter(data["parameter"], data["law_version"], tuple(data["cases"]))

    def contribution(self, *, wage: int, month: str, risk_class: str, explain: bool = True) -> Result:
        """What is owed for a worker with an employer in a month (YYYY-MM)."""
        return self._ask("contribution", explain, wage=wage, month=month, risk_class=risk_class)

    def own_work(self, *, income: int, month: str, sector: str = "other", explain: bool = True) -> Result:
        """What somebody owes who works for himself."""
        return self._ask("own-work", explain, income=income, month=month, sector=sector)

    def old_age(
        self, *, wage: int, years: int, opening: int = 0, rate: str | None = None, explain: bool = True
    ) -> Result:
        """What old-age savings come to; `rate` is percent a year as text."""
        return self._ask("old-age", explain, wage=wage, years=years, opening=opening, rate=rate)

    def pension(
        self, *, born: str, wage: int, since: int, scenario: str = "middle", explain: bool = True
    ) -> Result:
        """Which pension may be expected by somebody born on a day (YYYY-MM-DD) who pays since a year."""
        return self._ask("pension", explain, born=born, wage=wage, since=since, scenario=scenario)

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, path: str, explain: bool, **facts: Any) -> Result:
        body = {"language": self._language, "explain": explain, **facts}
        return result(checked(self._http.post(path, json=body)).json())

    def _get(self, path: str) -> dict[str, Any]:
        """The answer, kept under its ETag: the law changes seldom."""
        kept = self._kept.get(path)
        headers = {"If-None-Match": kept[0]} if kept else {}
        answer = self._http.get(path, params={"language": self._language}, headers=headers)
        if kept and answer.status_code == httpx.codes.NOT_MODIFIED:
            return kept[1]
        data: dict[str, Any] = checked(answer).json()
        if "ETag" in answer.headers:
            self._kept[path] = (answer.headers["ETag"], data)
        return data
