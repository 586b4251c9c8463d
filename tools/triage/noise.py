"""What thumbs do to a sentence: particles, calls, doubled signs, typing slips, missing words, emoji, spaces."""

import random
import re

_CALLS = ("主播", "姐", "姐姐", "老板", "宝", "宝子", "亲", "老铁", "哥", "请问", "问一下", "小姐姐", "美女", "家人们")
_TAILS = (
    "啊",
    "呀",
    "呢",
    "哦",
    "呐",
    "嘛",
    "哈",
    "~",
    "～",
    "！",
    "？",
    "??",
    "。",
    "...",
    "😂",
    "😭",
    "🙏",
    "[捂脸]",
    "噻",
    "咧",
)
_SLIPS = {
    "多少": ("多稍", "多少少", "多钱少"),
    "怎么": ("咋", "怎莫", "肿么", "zenme"),
    "什么": ("啥", "神马", "什莫", "sm"),
    "没有": ("木有", "没得", "冇", "么得"),
    "有没有": ("有木有", "有无", "有冇"),
    "主播": ("主bo", "猪播", "zb", "主啵"),
    "链接": ("连接", "链结", "lj"),
    "发货": ("法货", "發货", "fahuo"),
    "的": ("滴", "得", "d"),
    "吗": ("嘛", "么", "吗吗", "不", "ma"),
    "这个": ("这个个", "介个", "zhege", "这"),
    "质量": ("质亮", "zl", "质里"),
    "尺码": ("尺妈", "码子", "尺吗"),
    "快递": ("快弟", "kd"),
    "优惠券": ("优惠卷", "卷", "yhq"),
    "可以": ("ky", "阔以", "口以"),
    "喜欢": ("稀饭", "喜翻"),
    "微信": ("威信", "徽信", "vx"),
    "号": ("號", "hao"),
}
_TRADITIONAL = str.maketrans("这还没个码么货发钱吗买卖给时后退质两气会", "這還沒個碼麼貨發錢嗎買賣給時後退質兩氣會")


def roughen(text: str, code: str, rng: random.Random) -> str:
    """Perhaps change ``text`` as people do; the label of ``code`` stays true."""
    roll = rng.random
    if roll() < 0.22:
        known = [word for word in _SLIPS if word in text]
        if known:
            word = rng.choice(known)
            text = text.replace(word, rng.choice(_SLIPS[word]), 1)
    if code[0] == "q" and roll() < 0.15:
        text = rng.choice(_CALLS) + rng.choice(("", " ", "，")) + text
    elif code[0] in "ic" and roll() < 0.06:
        text = rng.choice(("主播", "姐妹们", "家人们", "客服")) + rng.choice(("", " ", "，")) + text
    if roll() < 0.22 and code != "sp":
        text += rng.choice(_TAILS)
    if roll() < 0.05 and len(text) > 3:
        at = rng.randrange(len(text))
        text = text[:at] + text[at] * rng.randint(1, 3) + text[at:]
    if roll() < 0.04 and len(text) > 5:
        at = rng.randrange(1, len(text) - 1)
        text = text[:at] + text[at + 1 :]
    if roll() < 0.04 and len(text) > 5:
        at = rng.randrange(1, len(text) - 1)
        text = text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]
    if roll() < 0.05:
        text = text.replace("，", " ")
    if roll() < 0.03:
        text = text.translate(_TRADITIONAL)
    if roll() < 0.02:
        text = f"{text} {text}"
    if roll() < 0.02:
        text = re.sub(r"[0-9]", lambda m: chr(ord(m.group()) + 0xFEE0), text)
    return text.strip()
