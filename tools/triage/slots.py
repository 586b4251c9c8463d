"""Words that fill the slots of the template families. Test families draw products from a list of their own."""

import random
from collections.abc import Callable

_TRAIN_PRODUCTS = (
    "毛衣 外套 裤子 裙子 连衣裙 卫衣 衬衫 羽绒服 牛仔裤 T恤 内衣 袜子 睡衣 风衣 针织衫 打底裤 马甲 小白鞋 靴子 拖鞋 "
    "运动鞋 凉鞋 面膜 口红 精华 面霜 洗面奶 防晒 粉底液 水乳 气垫 香水 眼影 洗发水 沐浴露 牙膏 坚果 辣条 饼干 "
    "牛肉干 蛋糕 酸奶 螺蛳粉 火锅底料 面包 巧克力 薯片 蜂蜜 苹果 车厘子 纸尿裤 奶粉 奶瓶 湿巾 积木 玩具 书包 "
    "电饭煲 空气炸锅 扫地机 吹风机 电风扇 加湿器 破壁机 洗衣机 手机 耳机 充电宝 手表 平板 音箱 手链 项链 耳钉 戒指 "
    "吊坠 手镯 四件套 被子 枕头 毛巾 收纳盒 拖把 抽纸 洗衣液 垃圾袋 锅 保温杯 白茶 普洱 绘本 包包 双肩包 帽子 围巾 "
    "腰带 墨镜 雨伞 床垫 沙发 窗帘 台灯 米 油 鸡蛋 大米 咖啡 燕麦 维生素 钙片"
).split()
_TEST_PRODUCTS = (
    "大衣 棉服 西装 旗袍 皮衣 短裤 帆布鞋 高跟鞋 眉笔 护手霜 卸妆油 发膜 腮红 牛排 粽子 月饼 芒果 草莓 大闸蟹 虾 "
    "猫粮 狗粮 猫砂 推车 爬行垫 洗碗机 微波炉 投影仪 键盘 相机 路由器 珍珠 玉佩 发夹 凉席 地毯 衣架 电钻 鱼竿 哑铃 "
    "瑜伽垫 帐篷 酒 红茶 字帖 字典 轮椅 血压计 花盆 种子 车载香薰 行车记录仪"
).split()

_WORDS: dict[str, str] = {
    "c": "黑色 白色 红色 蓝色 绿色 粉色 灰色 杏色 米色 咖色 紫色 卡其色 藏青 焦糖色 墨绿 黄色 奶白 银色 黑的 白的 红的",
    "s": "S M L XL 2XL 3XL s m l xl xxl 均码 36 37 38 39 40 41 42 大码 小号 中号 大号 110 120 130",
    "m": "件 条 个 双 瓶 盒 箱 袋 套 支 款 包 对 斤 台",
    "k": "两 三 四 五 2 3 4 5 6 十 一 1 8 俩",
    "who": "孕妇 小孩 宝宝 老人 敏感肌 男生 油皮 干皮 学生 哺乳期 糖尿病人 过敏体质 高血压 三岁孩子 新生儿 男的 经期",
    "who2": "婆婆 领导 老师 女朋友 男朋友 长辈 闺蜜 孩子 客户 爸妈",
    "season": "夏天 冬天 春秋 现在这个季节 南方冬天 零下 秋天 三伏天",
    "mat": "纯棉 真皮 羊毛 真丝 实木 不锈钢 足金 羊绒 牛皮 桑蚕丝 玻璃 硅胶 陶瓷 羽绒 银",
    "mat2": "化纤 PU 涤纶 腈纶 人造革 塑料 合金 板材 仿皮 镀金 聚酯",
    "city": "广东 北京 上海 四川 新疆 黑龙江 山东 河南 云南 浙江 福建 湖南 西藏 海南 东北 内蒙 贵州 陕西 江苏 广西 杭州",
    "day": "明天 后天 周五 周末 下周 月底 过年前 国庆 双十一 周一 十五号",
    "gift": "小样 袜子 运费险 收纳袋 礼盒 杯子 试用装 赠品 滤芯 支架 手机壳",
    "spamplace": "直播间 主页 橱窗 店铺 隔壁直播间",
    "emo": "😂 🌹 ❤️ 👍 😍 🥰 👏 🔥 😭 🎉 [玫瑰] [比心] [赞] [爱心] [捂脸]",
    "region": "河南 东北 上海 广东 农村 外地 北京 四川 小日本 非洲",
    "swear": "傻逼 垃圾 贱人 蠢货 白痴 废物 傻X sb 脑残 畜生 死胖子 丑八怪 煞笔 骚货 王八蛋 神经病 智障 狗东西 人渣 杂种 二货",
    "swear2": "草泥马 cnm nmsl 去你妈的 尼玛死了 滚你妈 操你 妈的智障 有病吧傻叉 不要脸的东西 死全家 你妈死了 日你 fuck you",
    "lewd": "睡 摸 干 上了 脱光",
    "bad": "废了 散架了 用不了了 掉皮了 坏得不能看 起一堆毛 没法穿 就报废",
    "url": "www.yh8.cn http://dw.com/a1 t.cn/A6 douy.in/x9 tb.cn/h7K kk66.top",
}
_LISTS: dict[str, list[str]] = {name: words.split() for name, words in _WORDS.items()}

_CHINESE = "零一二三四五六七八九十"


def _chinese_number(value: int) -> str:
    if value <= 10:
        return _CHINESE[value]
    tens, ones = divmod(value, 10)
    return ("" if tens == 1 else _CHINESE[tens]) + "十" + (_CHINESE[ones] if ones else "")


def _number(rng: random.Random) -> str:
    value = rng.randint(1, 40)
    return _chinese_number(value) if rng.random() < 0.15 else str(value)


def _height(rng: random.Random) -> str:
    value = rng.randint(148, 185)
    return str(value) if rng.random() < 0.8 else f"1米{value - 100}"


def _letters(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("abcdefghjkmnpqrstwxyz") for _ in range(count))


def _contact(rng: random.Random) -> str:
    return (" " if rng.random() < 0.5 else "") + _letters(rng, rng.randint(2, 5)) + str(rng.randint(100, 99999))


_MADE: dict[str, Callable[[random.Random], str]] = {
    "n": _number,
    "n2": _number,
    "h": _height,
    "w": lambda rng: str(rng.randint(80, 190)),
    "age": lambda rng: rng.choice(["两", "三", "四", "六", "八", "10", "1", "3", "5"]),
    "age0": lambda rng: rng.choice(["50", "60", "三十", "四十", "70", "18", "25", "65"]),
    "x": lambda rng: rng.choice(["2", "3", "5", "10", "十", "五", "8"]),
    "price": lambda rng: rng.choice(["9.9", "19.9", "29", "39.9", "59", "99", "129", "199", "299", "69"]),
    "price2": lambda rng: rng.choice(["109", "149", "39", "79.9", "249", "19"]),
    "wx": _contact,
    "qq": lambda rng: str(rng.randint(10**7, 10**9)),
    # Numbers of the 199 block with a zero in front cannot be dialled: no line shows a real telephone.
    "phone": lambda rng: "1990" + "".join(rng.choice("0123456789") for _ in range(7)),
}


def fill(name: str, rng: random.Random, held_out: bool) -> str:
    """One word for a slot. ``held_out`` families take half their products from the list no training line uses."""
    if name == "p":
        words = _TEST_PRODUCTS if held_out and rng.random() < 0.5 else _TRAIN_PRODUCTS
        return rng.choice(words)
    if name == "c2":
        return rng.choice(_LISTS["c"])
    if name in _MADE:
        return _MADE[name](rng)
    return rng.choice(_LISTS[name])
