"""The debrief as one page of HTML: prints on A4, needs no script and nothing from elsewhere."""

from html import escape

from livecue.debrief.body import DebriefBody
from livecue.debrief.view.cells import Cell, Speaker, Table
from livecue.debrief.view.parts import about, parts_of, warning

_STYLE = """
@page { size: A4 landscape; margin: 12mm; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 16px; max-width: 1200px; color: #1b1b1f; background: #fff;
  font: 13px/1.5 "Noto Sans SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif; }
h1 { font-size: 22px; margin: 0 0 8px; }
h2 { font-size: 16px; margin: 24px 0 6px; border-bottom: 1px solid #888; break-after: avoid; }
h3 { font-size: 13px; margin: 12px 0 4px; break-after: avoid; }
p { margin: 4px 0; }
a { color: #0b57d0; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(260px, 1fr)); gap: 2px 16px; margin: 0; }
dl div { display: flex; gap: 8px; }
dt { color: #55555f; flex: none; }
dd { margin: 0; }
.made-up { border: 2px solid #b3261e; padding: 4px 8px; color: #8c1d18; font-weight: 600; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 11px; }
th, td { border: 1px solid #c4c4cc; padding: 2px 5px; text-align: left; vertical-align: top; }
th { background: #f1f1f5; font-weight: 600; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.unknown { color: #6b4e00; background: #fff6df; }
tr { break-inside: avoid; }
thead { display: table-header-group; }
@media print {
  body { padding: 0; max-width: none; font-size: 10px; }
  table { font-size: 8px; }
  .screen { display: none; }
  .scroll { overflow: visible; }
  th, td.unknown { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""

_PAGE = """<!doctype html>
<html lang="{tongue}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<p class="screen"><a href="?lang={other}" hreflang="{other}" lang="{other}">{other_name}</a> · {print_hint}</p>
<main>
<h1>{title}</h1>
{warning}<dl>
{about}
</dl>
{parts}
</main>
</body>
</html>
"""


def page_of(body: DebriefBody, language: str) -> str:
    """The whole page; ``language`` zh or en."""
    say = Speaker(language, body.currency, body.time_zone)
    made_up = warning(body, language)
    parts = [
        f"<section>\n<h2>{escape(part.title)}</h2>\n"
        + "\n".join(_table(table, say, alone=table.title == part.title) for table in part.tables)
        + "\n</section>"
        for part in parts_of(body, language)
        if part.printed
    ]
    return _PAGE.format(
        tongue="en" if language == "en" else "zh-CN",
        title=escape(f"{say.head('title')} · {body.title}"),
        style=_STYLE,
        other="zh" if language == "en" else "en",
        other_name=escape(say.head("other_language")),
        print_hint=escape(say.head("print")),
        warning=f'<p class="made-up">{escape(made_up)}</p>\n' if made_up else "",
        about="\n".join(
            f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in about(body, language)
        ),
        parts="\n".join(parts),
    )


def _table(table: Table, say: Speaker, alone: bool) -> str:
    lines = [] if alone else [f"<h3>{escape(table.title)}</h3>"]
    if table.note:
        lines.append(f"<p>{escape(table.note)}</p>")
    if not table.rows:
        return "\n".join([*lines, f"<p>{escape(say.head('nothing'))}</p>"])
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.columns)
    rows = "\n".join("<tr>" + "".join(_cell(cell) for cell in row) + "</tr>" for row in table.rows)
    caption = escape(table.title, quote=True)
    lines.append(
        f'<div class="scroll" role="region" tabindex="0" aria-label="{caption}"><table>\n'
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>"
    )
    return "\n".join(lines)


def _cell(cell: Cell) -> str:
    kind = "unknown" if cell.unknown else "number" if cell.style else ""
    return f'<td class="{kind}">{escape(cell.text)}</td>' if kind else f"<td>{escape(cell.text)}</td>"
