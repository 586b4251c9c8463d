"""Roles with what they may do, and the documents with their columns."""

from collections.abc import Iterator

from livecue.docs.rules import role_names
from livecue.docs.words import Words, code, safe, table
from livecue.reference import DOCUMENTS, ROLES
from livecue.team import EVERYTHING

PERMISSIONS: tuple[str, ...] = (
    "watch", "answer", "plan", "run", "catalog", "shelf", "price", "approve", "thresholds", "comments", "people",
    "debrief", "money", "stock", "audit", "sign", "orders",
)  # fmt: skip
"""In the order in which they are told."""


def roles_page(words: Words) -> Iterator[str]:
    """docs/*/reference/roles.md."""
    assert set(PERMISSIONS) == EVERYTHING, "a permission that this page does not tell"
    yield f"# {words.label('roles')}"
    yield ""
    yield words.label("roles_intro").format(len(ROLES))
    yield ""
    yield f"## {words.label('permissions')}"
    yield ""
    yield from table(
        [words.label("permission"), words.label("meaning")],
        [(code(name), words.label("may_" + name)) for name in PERMISSIONS],
    )
    yield f"## {words.label('roles_all')}"
    yield ""
    rows = [
        (
            code(role.id),
            words.of(role),
            words.of(role.duties),
            words.label("may_all")
            if "all" in role.permissions
            else words.list(code(name) for name in PERMISSIONS if name in role.permissions),
            role.mark + (", " + words.list(role.sources) if role.sources else ""),
        )
        for role in ROLES.values()
    ]
    yield from table([words.label(head) for head in ("code", "role", "duties", "permissions", "mark")], rows)
    yield words.label("marks_intro")
    yield ""


def documents_page(words: Words) -> Iterator[str]:
    """docs/*/reference/documents.md."""
    yield f"# {words.label('documents')}"
    yield ""
    yield words.label("documents_intro").format(len(DOCUMENTS))
    yield ""
    for document in DOCUMENTS.values():
        yield f"## {document.id} {words.of(document)}"
        yield ""
        yield "- " + words.said("owner", role_names((document.owner,), words))
        yield "- " + words.said("readers", role_names(document.readers, words))
        yield "- " + words.said("due", safe(words.of(document.due)))
        named = [words.of(column) + ("\\*" if column.mark == "D" else "") for column in document.columns]
        yield "- " + words.said("columns", safe(words.list(named)))
        yield ""
