"""A table as Markdown."""

from papertray.engine.escape import escape
from papertray.engine.layout.lines import Table


def table_markdown(table: Table) -> str:
    head, *body = (f"| {' | '.join(map(escape, row))} |" for row in table.rows)
    return "\n".join([head, "|" + " --- |" * len(table.rows[0]), *body])
