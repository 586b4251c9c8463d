"""Personal data out of free text (compliance 1.5): what people write to us is shown, and sent on, without it.

Pure. Order numbers stay: staff must see them. What looks like a phone number is masked although it may be something
else; the person who needs it asks for it with a reason.
"""

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Final

# Signs that stand for others, one for one, so that places in the text stay the same.
_WIDE: Final = {0x3000: " ", **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}}
_NUMERALS: Final = str.maketrans("〇零一二三四五六七八九幺①②③④⑤⑥⑦⑧⑨", "001234567891123456789")
_SEP = r"[\s\-\u2010-\u2015\u2212_.·•~*]{0,3}"
_PHONE = re.compile(rf"(?<![0-9])(?:(?:\+|00)?86{_SEP})?(1{_SEP}[3-9](?:{_SEP}[0-9]){{9}})(?![0-9])")
_FOREIGN = re.compile(r"\+(?!86)[1-9](?:[\s\-().]{0,2}[0-9]){7,14}(?![0-9])")
_LANDLINE = re.compile(r"(?<![0-9])\(?0[1-9][0-9]{1,2}\)?[\s\-]{0,2}[1-9][0-9]{2,3}[\s\-]?[0-9]{4}(?![0-9])")
_CARD_ID = re.compile(
    r"(?<![0-9])[1-8][0-9]{5}((?:19|20)[0-9]{2})(0[1-9]|1[0-2])([0-2][0-9]|3[01])[0-9]{3}[0-9Xx](?![0-9A-Za-z])"
)
_BANK = re.compile(
    r"(?:卡号|银行卡|储蓄卡|信用卡|card)(?:(?!订单)[^0-9]){0,6}([0-9](?:[\s\-]?[0-9]){13,18})(?![0-9])", re.I
)
_MAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])[._%+\-]*([A-Za-z0-9])[A-Za-z0-9._%+\-]*(@(?:[A-Za-z0-9\-]+\.)+[A-Za-z]{2,})"
)
# Every text is read in one way only, and not far: people write to us whatever they want.
_LEAD = r"(?:号码|号|账号|id|[是为加搜我你的:=,，\s.\-]){0,12}"
_NAMES = tomllib.loads((files("livecue.desk.service") / "data" / "messengers.toml").read_text(encoding="utf-8"))[
    "messenger"
]
_MESSENGERS = tuple(
    re.compile(f"(?:{'|'.join(one['names'])}){_LEAD}({one['id']}){one['behind']}", re.I) for one in _NAMES
)
_NAMED = re.compile("|".join(name for one in _NAMES for name in one["names"]), re.I)
_HAN = r"[\u4e00-\u9fff]"
# "帮我弄5号链接", "花园3号色": a number that the trade gives to goods is no house.
_GOODS = r"(?!\s*(?:链接|连接|色|款|码(?!头)|宝贝|商品(?!房)|产品|套餐|套装|购物车|口味|香型|味道|粉底|口红))"
# Behind a street there are houses: only what no house is called ("丝路2号款", "小镇1号套餐").
_GOODS_OF_A_STREET = r"(?!\s*(?:链接|连接|款(?![待项式])|套餐|套装))"
_PARTS = "弄|巷|栋|幢|座|单元|室|楼|层|房"
_UNIT = rf"(?:号楼|号院|号{_GOODS}|{_PARTS})"
_HOUSE = rf"(?:号楼|号院|号{_GOODS_OF_A_STREET}|{_PARTS})"
_TAIL = (
    rf"(?:[\s,，\-]*[A-Za-z]?[0-9]{{1,5}}\s*{_UNIT}"
    r"|(?<=[元栋幢座楼号])[\s\-]?[0-9]{2,5}(?![0-9]|\s*[件个份盒包箱条单元])|-[0-9]{1,5})"
)
_ADDRESS = re.compile(
    rf"(?P<name>[0-9]{{0,3}}{_HAN}[\u4e00-\u9fff0-9]{{0,5}}|(?<=[省市区县旗州]))"
    rf"(?:(?:大道|路|街|巷|胡同|村|镇|乡)\s*[A-Za-z]?[0-9]{{1,5}}\s*(?:-[0-9]{{1,4}}\s*)?{_HOUSE}"
    rf"|(?:弄|小区|花园|家园|公寓|大厦|广场|苑)\s*[A-Za-z]?[0-9]{{1,5}}\s*(?:-[0-9]{{1,4}}\s*)?{_UNIT}){_TAIL}*"
    rf"|[A-Za-z]?[0-9]{{1,4}}\s*(?:号楼|栋|幢|座|单元|弄)\s*"
    rf"(?:[A-Za-z]?[0-9]{{1,5}}\s*(?:号楼|单元|室|号|楼|层|房)\s*)+{_TAIL}*"
)
_BUILDING = re.compile(
    rf"{_HAN}[\u4e00-\u9fff0-9]{{0,5}}(?:小区|花园|家园|新村|公寓|大厦|广场|苑)\s*[A-Za-z]?[0-9]{{1,4}}\s*(?:号楼|栋|幢|座)"
)
"""A building and no more: no floor, no door, nothing before it."""
_ASKS = re.compile(r"[?？]|吗|有没有|哪")
_PERSONAL = re.compile(
    r"[我俺咱家住寄送发邮收到配派装取]|上门|快递|物流|地[址方]|电话|手机|姓名|联系|门口|楼下|自提|@|[0-9](?:[\s\-]*[0-9]){6}"
)
"""What makes a building beside it somebody's own."""
_REGION = re.compile(r"(?<![小社园])区|[省市县旗州]")
_STREET = re.compile(
    r"\b[0-9]{1,5}\s+(?:[A-Z][a-z]+\s){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd)\b"
)
_PROVINCE = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|"
    "陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_CALLED = re.compile(
    r"(?:收件人|收货人|联系人|姓名|真名)\s{0,4}(?:[:：]|是|为|叫)?\s{0,4}"
    rf"([\u4e00-\u9fff]{{2,4}}?)(?={_PROVINCE}|[^\u4e00-\u9fff*]|$)"
)
_ANY = re.compile(r"[0-9@]|[A-Za-z]{5}|收件人|收货人|联系人|姓名|真名")
_DOUBLE = (
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯",
    "南宫", "端木", "百里", "轩辕",
)  # fmt: skip
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def mask_name(name: str) -> str:
    """The family name, or the first sign: 张*, 欧阳*, A***."""
    if not name:
        return ""
    if not "\u4e00" <= name[0] <= "\u9fff":
        return name[0] + "***"
    return (name[:2] if name.startswith(_DOUBLE) and len(name) > 2 else name[:1]) + "*"


def mask_text(text: str) -> str:
    """``text`` without phone numbers, cards, e-mail, ids at messengers, addresses, and names that it labels."""
    wide = text.translate(_WIDE)
    plain = wide.translate(_NUMERALS)
    if not _ANY.search(plain):
        return text
    # In both: a numeral beside a number belongs to the words around it, one within it to the number.
    spans = {*_numbers(wide), *(_numbers(plain) if plain != wide else ()), *_words(text, plain)}
    made, at = [], 0
    for start, end, instead in sorted(spans):
        if end <= at:
            continue
        # Where two overlap, what the second adds is not shown either.
        made.append(text[at:start] + instead if start >= at else "***")
        at = end
    return "".join((*made, text[at:]))


def _numbers(plain: str) -> Iterator[tuple[int, int, str]]:
    for found in _PHONE.finditer(plain):
        yield *found.span(), _ends(found.group(1), 3)
    for found in _FOREIGN.finditer(plain):
        yield *found.span(), "+" + _ends(found.group(), 2)
    for found in _LANDLINE.finditer(plain):
        yield *found.span(), _ends(found.group(), 3)
    for found in _CARD_ID.finditer(plain):
        if _checks(found.group()):
            yield *found.span(), "***"
    for found in _BANK.finditer(plain):
        yield *found.span(1), "***"
    for found in _MAIL.finditer(plain):
        yield found.start(1), found.end(), f"{found.group(1)}***{found.group(2)}"
    for pattern in _MESSENGERS:
        for found in pattern.finditer(plain):
            yield *found.span(1), found.group(1)[0] + "***"


def _words(text: str, plain: str) -> Iterator[tuple[int, int, str]]:
    for found in _ADDRESS.finditer(plain):
        if not _of_nobody(found, plain):
            yield *_private(found), "***"
    for found in _STREET.finditer(plain):
        yield *found.span(), "***"
    for found in _CALLED.finditer(text):
        yield *found.span(1), mask_name(found.group(1))


def _ends(number: str, first: int) -> str:
    """138****5678: the first digits and the last four."""
    digits = "".join(sign for sign in number if sign.isdecimal())
    return f"{digits[:first]}****{digits[-4:]}"


def _of_nobody(found: re.Match[str], plain: str) -> bool:
    """Whether a building is merely named in a question about goods ("万达广场3号楼的店有这款吗").

    In doubt it is somebody's address: alone, with a floor, a door or a district, or beside anything that says who lives
    there or where a parcel goes.
    """
    if _BUILDING.fullmatch(found.group()) is None or _REGION.search(found.group("name") or ""):
        return False
    # In all of it: "我家在阳光小区3号楼" is read as one name.
    return _ASKS.search(plain) is not None and not (_PERSONAL.search(plain) or _NAMED.search(plain))


def _private(found: re.Match[str]) -> tuple[int, int]:
    """The part behind province, city and district."""
    shown = 0
    for region in _REGION.finditer(found.group("name") or ""):
        shown = region.end()
    return found.start() + shown, found.end()


def _checks(number: str) -> bool:
    """The check sign of an id card: one long number in eleven passes, so its day of birth is asked for too."""
    total = sum(int(sign) * weight for sign, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[-1].upper()
