"""Comments to rows of numbers: one array for a whole batch, folded so that the same words look the same.

A batch becomes one array of 16-bit codes with a separator before each comment. All steps are
array operations: about half a microsecond a comment in batches of 200.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

HEAD, TAIL = 88, 32
"""Of a longer comment only so many characters from its begin and its end are read."""
SEPARATOR, DIGIT, A_NOT_A = 1, 2, 3
"""Codes of our own among the signs: what opens a comment, any digit, the second "A" of "A不A" (贵不贵)."""
_SPACE = 32

Codes = npt.NDArray[np.uint16]
Places = npt.NDArray[np.int64]

_TRADITIONAL = (
    "這这還还沒没個个碼码麼么貨货發发錢钱嗎吗買买賣卖給给時时後后退退質质兩两氣气會会請请問问號号鏈链優优惠惠價价單单訂订"
    "東东開开關关從从來来對对說说話话講讲讓让運运費费場场點点麗丽顏颜藍蓝綠绿紅红黃黄長长寬宽厚厚體体輕轻壞坏舊旧換换"
    "貴贵賺赚騙骗詐诈爛烂假假裡里裏里寄寄臺台灣湾廣广漢汉國国產产廠厂實实貼贴圖图樣样歡欢喜喜愛爱謝谢讚赞讃赞帥帅嗎吗"
    "腦脑殘残豬猪賤贱滾滚媽妈罵骂醜丑誰谁們们嘅的冇没啲些佢他咗了係是邊边點点幾几雙双條条隻只張张塊块"
    "歲岁頭头髮发臉脸膚肤護护養养藥药膠胶達达遠远週周歷历數数據据電电機机視视頻频聲声樂乐網网絡络線线訊讯聯联繫系"
    "無无與与於于應应該该當当過过進进選选適适補补庫库剩剩夠够穩稳難难練练減减滿满額额領领獎奖禮礼贈赠驗验證证檢检測测"
)


def _fold_table() -> Codes:
    table = np.arange(1 << 17, dtype=np.uint32).astype(np.uint16)
    # Signs of the second plane (emoji) share 4,096 codes in a range without signs; what lies beyond falls on one.
    table[0x10000:] = 0xE000 | np.arange(1 << 16) & 0xFFF
    for wide in range(0xFF01, 0xFF5F):
        table[wide] = wide - 0xFEE0
    for capital in range(ord("A"), ord("Z") + 1):
        table[capital] = table[capital + 0xFEE0] = capital + 32
    for digit in range(10):
        table[ord("0") + digit] = table[0xFF10 + digit] = DIGIT
    table[0x2460:0x2474] = DIGIT
    for old, new in zip("。、《》“”‘’【】…—–·", ".,<>\"\"''[].--.", strict=True):
        table[ord(old)] = ord(new)
    for old, new in zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True):
        table[ord(old)] = ord(new)
    blank = (*range(0x21), 0x7F, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)
    table[list(blank)] = _SPACE
    unseen = (
        0xAD,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFE00, 0xFE10),
        0xFEFF,
    )
    table[list(unseen)] = 0
    table[0xD800:0xE000] = 0xFFFD
    table[ord("\n")] = SEPARATOR
    return table


FOLD = _fold_table()
"""Code point to the code that stands for it; 0 is dropped."""


def encode(texts: Sequence[str]) -> tuple[Codes, Places]:
    """Codes of all ``texts`` behind separators, and the place of each separator (one more than texts).

    Full width, case, traditional signs, digits, blanks and invisible signs are folded; of a sign
    other than a digit that stands three times or more in a row two are kept.
    """
    cut = [text if len(text) <= HEAD + TAIL else text[:HEAD] + text[-TAIL:] for text in texts]
    joined = "\n".join(cut)
    if joined.count("\n") != len(cut) - 1:
        joined = "\n".join([text.replace("\n", " ") for text in cut])
    raw = np.frombuffer(f"\n{joined}\n".encode("utf-32-le", "surrogatepass"), np.uint32)
    codes = FOLD.take(raw, mode="clip")
    if not codes.all():
        codes = codes[codes != 0]
    same = codes[1:] == codes[:-1]
    thrice = same[1:] & same[:-1]
    thrice &= codes[2:] > DIGIT
    if thrice.any():
        keep = np.ones(len(codes), bool)
        np.logical_not(thrice, out=keep[2:])
        codes = codes[keep]
    return codes, np.flatnonzero(codes == SEPARATOR)
