"""Minutes of comments whose writers are known to be honest or not: the detector's test set, made from seeds.

Honest people: cheers, a draw word, one question asked by dozens, a complaint raised by dozens, a slogan that is copied,
people who ask again because nobody answered, ordinary talk. Spam: one account with an advert, variants with other
numbers and signs, a ring that shares one text, hired hands who repeat one accusation, a cheer pasted without end.
The texts of ``DEV`` were looked at while the bounds were set; those of ``TEST`` were written apart and only measured.
"""

import random
from dataclasses import dataclass
from functools import cache

from livecue.desk import judge
from livecue.desk.moderation import MODERATION_PRESETS, Said, has_contact, shape_of

PRESET = MODERATION_PRESETS[-1]


@dataclass(frozen=True)
class Minute:
    """A window, who of its writers spams, and texts that were called for."""

    name: str
    said: tuple[Said, ...]
    spam: frozenset[str]
    called: tuple[str, ...] = ()


@dataclass(frozen=True)
class Words:
    """The texts of one half of the set."""

    cheers: tuple[str, ...]
    draw: str
    questions: tuple[str, ...]
    complaints: tuple[str, ...]
    slogans: tuple[str, ...]
    talk: tuple[str, ...]
    adverts: tuple[str, ...]
    plain_spam: tuple[str, ...]
    accusations: tuple[str, ...]


DEV = Words(
    cheers=("666", "哈哈哈哈", "冲冲冲", "来了来了", "支持主播", "[赞][赞][赞]", "太好看了", "已拍", "1", "加油"),
    draw="抽一份锅巴",
    questions=("多少钱", "黑色还有吗", "什么时候发货", "身高160穿什么码", "有运费险吗", "这个能不能机洗"),
    complaints=("上次买的坏了没人理", "我的快递怎么还没到", "和图片颜色不一样", "退款什么时候到账"),
    slogans=("主播说的都对我先冲了", "今天谁没抢到谁尴尬", "家人们这价格真的可以闭眼入"),
    talk=("刚下班来看看", "主播今天好漂亮", "我妈也用这个", "声音有点小", "北京冷不冷", "第一次来", "朋友推荐的",
          "这个灯光不错", "昨天那款还会上吗", "给我老公买一件", "求求了上链接", "我等了一晚上"),
    adverts=("加V信 abc123 领内部优惠券", "微信找我同款半价 {n}", "私我 带你日结 {n}{n}", "进群领红包 群号{n}"),
    plain_spam=("全场最低价点我头像看直播间更便宜", "隔壁家同款只要九块九快去看看吧", "关注我每天送福利不骗人"),
    accusations=("这家卖的都是假货大家别买", "骗子直播间已经举报了", "买过一次全是差评垃圾"),
)  # fmt: skip
TEST = Words(
    cheers=("哇塞", "牛牛牛", "爱了爱了", "冲鸭", "好听", "👏👏👏", "yyds", "拍了", "扣1", "绝了"),
    draw="福气满满",
    questions=("几号链接", "白色有货吗", "今天拍几天到", "140斤穿得下吗", "支持七天无理由吗", "会不会掉毛"),
    complaints=("收到就破了一个口子", "催了三天还没发货", "色差也太大了吧", "客服一直不回复"),
    slogans=("谁懂啊这也太划算了吧", "姐妹们放心买我回购三次了", "听劝的人已经下单了"),
    talk=("从短视频过来的", "我家猫也在看", "信号卡了一下", "主播吃饭了没", "外面下雨了", "这个杯子真可爱",
          "等会儿还有吗", "想看上身效果", "昨晚没赶上", "我在成都", "帮我妈看看", "好久不见"),
    adverts=("薇信 zx{n} 同源货源", "扣扣{n} 兼职一单一结", "看我主页有惊喜价", "加我 老粉福利{n}"),
    plain_spam=("想要高佣金的朋友来我这里做代理", "我这边也在播东西一样还更便宜来吧",
                "免费送三件小礼物名额有限先到先得"),
    accusations=("专门骗老人的直播间大家快跑", "质量差得要命千万别上当", "拿次品冒充正品良心坏了"),
)  # fmt: skip


class _Minute:
    def __init__(self, name: str, luck: random.Random, called: tuple[str, ...] = ()) -> None:
        self.name, self.luck, self.called = name, luck, called
        self.lines: list[tuple[int, str, str]] = []
        self.spam: set[str] = set()
        self._people = 0

    def somebody(self, spam: bool = False) -> str:
        self._people += 1
        user = f"{self.name}-{self._people}"
        if spam:
            self.spam.add(user)
        return user

    def say(self, user: str, text: str, at: float | None = None) -> None:
        moment = self.luck.random() * 60 if at is None else at % 60
        number = "".join(self.luck.choice("0123456789") for _ in range(5))
        self.lines.append((int(moment * 1000), user, text.replace("{n}", number)))

    def chatter(self, words: Words, people: int) -> None:
        for _ in range(people):
            user = self.somebody()
            for text in self.luck.sample(words.talk, self.luck.choice((1, 1, 1, 2))):
                self.say(user, text)

    def done(self) -> Minute:
        self.lines.sort()
        labels = [one.label for one in judge([text for _, _, text in self.lines])]
        said = tuple(
            Said(f"{self.name}-c{n}", user, shape_of(text), has_contact(shape_of(text), PRESET), at, text, label)
            for n, ((at, user, text), label) in enumerate(zip(self.lines, labels, strict=True))
        )
        return Minute(self.name, said, frozenset(self.spam), self.called)


@cache
def minutes(words: Words, seed: int, rounds: int) -> list[Minute]:
    """``rounds`` minutes of each kind, every one on a background of ordinary talk."""
    luck = random.Random(seed)
    return [kind(f"{kind.__name__}{n}", words, luck) for n in range(rounds) for kind in KINDS]


def cheers(name: str, words: Words, luck: random.Random) -> Minute:
    made = _Minute(name, luck)
    made.chatter(words, 15)
    text = luck.choice(words.cheers)
    for _ in range(luck.randint(20, 60)):
        user = made.somebody()
        for _ in range(luck.choice((1, 1, 1, 2, 2, 3, 6))):
            made.say(user, text * luck.choice((1, 1, 2)))
    return made.done()


def draw(name: str, words: Words, luck: random.Random) -> Minute:
    made = _Minute(name, luck, (words.draw,))
    made.chatter(words, 15)
    for _ in range(luck.randint(30, 80)):
        user = made.somebody()
        for _ in range(luck.choice((1, 2, 3, 5, 9))):
            made.say(user, words.draw)
    return made.done()


def question(name: str, words: Words, luck: random.Random) -> Minute:
    made = _Minute(name, luck)
    made.chatter(words, 15)
    text = luck.choice(words.questions)
    for _ in range(luck.randint(15, 40)):
        user = made.somebody()
        for _ in range(luck.choice((1, 1, 1, 2, 3))):
            made.say(user, text + luck.choice(("", "？", "呀", "呢")))
    impatient = made.somebody()
    for _ in range(luck.randint(4, 6)):
        made.say(impatient, text)
    return made.done()


def complaint(name: str, words: Words, luck: random.Random) -> Minute:
    made = _Minute(name, luck)
    made.chatter(words, 15)
    text = luck.choice(words.complaints)
    for _ in range(luck.randint(12, 30)):
        user = made.somebody()
        for _ in range(luck.choice((1, 1, 2, 3))):
            made.say(user, text + luck.choice(("", "！", "啊", "，给个说法")))
    return made.done()


def slogan(name: str, words: Words, luck: random.Random) -> Minute:
    made = _Minute(name, luck)
    made.chatter(words, 15)
    text = luck.choice(words.slogans)
    for _ in range(luck.randint(12, 40)):
        user = made.somebody()
        for _ in range(luck.choice((1, 1, 1, 2))):
            made.say(user, text)
        if luck.random() < 0.5:
            made.say(user, luck.choice(words.talk))
    return made.done()


def quiet(name: str, words: Words, luck: random.Random) -> Minute:
    made = _Minute(name, luck)
    made.chatter(words, luck.randint(5, 50))
    return made.done()


def advert(name: str, words: Words, luck: random.Random) -> Minute:
    made = _Minute(name, luck)
    made.chatter(words, 25)
    user, text = made.somebody(spam=True), luck.choice(words.adverts)
    for _ in range(luck.randint(3, 8)):
        made.say(user, text + luck.choice(("", "🔥", "～～", " !", "\u200b")))
    return made.done()


def shared_advert(name: str, words: Words, luck: random.Random) -> Minute:
    made = _Minute(name, luck)
    made.chatter(words, 25)
    text = luck.choice(words.adverts)
    for _ in range(luck.randint(4, 9)):
        user = made.somebody(spam=True)
        for _ in range(luck.choice((1, 1, 2))):
            made.say(user, text)
    return made.done()


def repeated(name: str, words: Words, luck: random.Random) -> Minute:
    made = _Minute(name, luck)
    made.chatter(words, 25)
    for user in (made.somebody(spam=True), made.somebody(spam=True)):
        text = luck.choice(words.plain_spam)
        for _ in range(luck.randint(5, 12)):
            made.say(user, text + luck.choice(("", "!", "。", "❤", "  ")))
    return made.done()


def ring(name: str, words: Words, luck: random.Random) -> Minute:
    made = _Minute(name, luck)
    made.chatter(words, 25)
    text = luck.choice(words.plain_spam)
    for _ in range(luck.randint(4, 8)):
        user = made.somebody(spam=True)
        for _ in range(luck.choice((2, 3))):
            made.say(user, text)
    return made.done()


def hired(name: str, words: Words, luck: random.Random) -> Minute:
    made = _Minute(name, luck)
    made.chatter(words, 25)
    text = luck.choice(words.accusations)
    for _ in range(3):
        user = made.somebody(spam=True)
        for _ in range(luck.randint(9, 14)):
            made.say(user, text)
    for _ in range(luck.randint(2, 6)):
        # Among them people who really complain, once.
        made.say(made.somebody(), luck.choice(words.complaints))
    return made.done()


def pasted(name: str, words: Words, luck: random.Random) -> Minute:
    made = _Minute(name, luck)
    made.chatter(words, 25)
    text = luck.choice(words.cheers)
    for _ in range(12):
        made.say(made.somebody(), text)
    user = made.somebody(spam=True)
    for _ in range(luck.randint(20, 40)):
        made.say(user, text)
    return made.done()


KINDS = (
    cheers, draw, question, complaint, slogan, quiet, advert, shared_advert, repeated, ring, hired, pasted,
)  # fmt: skip
