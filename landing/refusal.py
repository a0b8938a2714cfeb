"""Why one extract cannot be landed, as a sentence in both languages."""

from warehouse.errors import ExtractError


class RefusalError(ExtractError):
    """The extract is refused as a whole; the run goes on with the next one."""

    def __init__(self, code: str, en: str, zh: str) -> None:
        super().__init__(en)
        self.code = code
        self.en = en
        self.zh = zh

    def __reduce__(self) -> tuple[type["RefusalError"], tuple[str, str, str]]:
        return (RefusalError, (self.code, self.en, self.zh))
