"""The evidence of a show's texts as one archive: what was written, found, decided, signed, and the chain it lies in."""

import hashlib
import io
import zipfile
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import xlsxwriter

from livecue.compliance import ReviewRow, flags_between, list_reviews
from livecue.flow import RoomInfo
from livecue.shows import ShowRow
from livecue.store import AuditRow, AuditSearch, broken_link, list_audit
from livecue.team import list_people
from livecue.web.services import Services

_DAY_MS = 24 * 3600 * 1000
_MOST_LINKS = 5_000
_SHEETS: dict[str, tuple[str, ...]] = {
    "签发 Sign-off": (
        "版本 Version", "状态 State", "规则版本 Rules", "文字指纹 Digest", "成文 Written", "作者 Authors",
        "送审 Asked by", "送审时间 Asked", "签发人 Signed by", "签发时间 Signed",
        "自签 Self-signed", "备注 Note", "标识 Labels",
    ),
    "文字 Texts": ("版本 Version", "位置 Place", "类型 Kind", "商品 Product", "作者 Author", "文字 Text"),
    "命中 Hits": (
        "版本 Version", "位置 Place", "词语 Word", "级别 Severity", "规则 Rule", "依据 Article", "建议 Advice",
        "裁定人 Decided by", "时间 When", "裁定 Decision", "豁免 Exemption", "证据 Evidence",
    ),
    "播中 On air": (
        "时间 When", "位置 Where", "谁 Who", "词语 Word", "级别 Severity", "规则 Rule", "依据 Article",
        "规则版本 Rules", "文字 Text",
    ),
    "审计链 Audit": ("编号 No.", "时间 When", "谁 Who", "动作 What", "哈希 Hash", "上一条 Previous"),
}  # fmt: skip


def evidence_of(door: Services, show: ShowRow, info: RoomInfo) -> bytes:
    """A zip: evidence.xlsx, evidence.json, and manifest.json with the SHA-256 of both and of the chain's last link."""
    rows = list_reviews(door.reader, info.room, show.show)
    names = {person.person: person.name for person in list_people(door.reader, info.org)}
    links = [
        link
        for link in list_audit(
            door.reader, info.org, [info.brand], limit=_MOST_LINKS, search=AuditSearch(room=info.room)
        )
        if show.show in (link.subject,) or f'"{show.show}"' in link.detail
    ]
    since = show.started_at or show.starts_at
    until = show.ended_at or (since + _DAY_MS)
    flags = flags_between(door.reader, info.room, since, until) if show.started_at else []
    whole: dict[str, Any] = {
        "show": {"show": show.show, "title": show.title, "room": info.room, "room_name": info.name,
                 "starts_at": show.starts_at, "started_at": show.started_at, "ended_at": show.ended_at},
        "reviews": [{**msgspec.structs.asdict(row), "review": row.review} for row in rows],
        "on_air": flags,
        "audit": links,
        "names": names,
    }  # fmt: skip
    sheets = _workbook(rows, flags, links, names, info)
    plain = msgspec.json.format(msgspec.json.encode(whole), indent=1)
    manifest = {
        "made_at": door.clock.now_ms(),
        "program": door.version,
        "files": {"evidence.xlsx": _hash(sheets), "evidence.json": _hash(plain)},
        "audit_chain": {"whole": broken_link(door.reader) is None, "last": links[0].hash if links else ""},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("evidence.xlsx", sheets)
        archive.writestr("evidence.json", plain)
        archive.writestr("manifest.json", msgspec.json.format(msgspec.json.encode(manifest), indent=1))
    return out.getvalue()


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _workbook(
    rows: list[ReviewRow], flags: list[Any], links: list[AuditRow], names: dict[str, str], info: RoomInfo
) -> bytes:
    zone = ZoneInfo(info.time_zone)

    def when(at: int) -> str:
        return f"{datetime.fromtimestamp(at / 1000, zone):%Y-%m-%d %H:%M:%S}" if at else ""

    def who(person: str) -> str:
        return names.get(person, person)

    signed = [
        [row.number, row.state, row.review.version, row.review.digest, when(row.review.made_at),
         "、".join(map(who, row.review.authors)), who(row.review.asked_by), when(row.review.asked_at),
         who(row.signed_by), when(row.signed_at), "是 yes" if row.self_signed else "", row.review.note,
         "；".join(f"{label}={value}" for label, value in row.review.declared.items())]
        for row in rows
    ]  # fmt: skip
    texts = [
        [row.number, text.place, text.door, text.product, who(text.by), text.text]
        for row in rows
        for text in row.review.texts
    ]
    hits = []
    for row in rows:
        for hit in row.review.hits:
            made = row.review.decisions.get(hit.hit)
            decided = [who(made.by), when(made.at), made.decision, made.exemption, made.evidence] if made else [""] * 5
            hits.append([row.number, hit.place, hit.word, hit.severity, hit.entry, hit.basis, hit.advice, *decided])
    air = [[when(f.at), f.where, who(f.who), f.word, f.severity, f.entry, f.basis, f.version, f.text] for f in flags]
    chain = [[link.number, when(link.at), who(link.who), link.what, link.hash, link.previous] for link in links]
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True})
    sheets: tuple[list[list[Any]], ...] = (signed, texts, hits, air, chain)
    for (title, head), lines in zip(_SHEETS.items(), sheets, strict=True):
        sheet = book.add_worksheet(title)
        for place, text in enumerate(head):
            sheet.write_string(0, place, text, bold)
            sheet.set_column(place, place, 22)
        for number, line in enumerate(lines, 1):
            for place, value in enumerate(line):
                sheet.write_string(number, place, str(value)[:32_000])
        sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()
