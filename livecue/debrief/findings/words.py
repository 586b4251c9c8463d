"""Rules about what was said: questions, complaints, banned words, replies."""

from livecue.debrief.body import DebriefBody, QuestionLine
from livecue.debrief.findings.found import Found, reading_of
from livecue.debrief.presets import Preset
from livecue.debrief.words import figure, label, listed
from livecue.reference import Words


def unanswered(body: DebriefBody, preset: Preset) -> list[Found]:
    """Many questions about one topic stayed without an answer (R062); what has no topic is no one question."""
    found = []
    for line in body.unanswered:
        if line.topic not in ("", "other") and line.unanswered >= preset.value("unanswered"):
            values: dict[str, str | int | Words] = {
                "about": about(body, line),
                "count": line.count,
                "open": line.unanswered,
                "texts": listed(line.texts),
            }
            found.append(Found(values, f"{line.topic}:{line.product}", line.unanswered))
    return found


def complaints(body: DebriefBody, preset: Preset) -> list[Found]:
    """Complaints pile up about one topic or one product (R063)."""
    found = []
    for line in body.complaints:
        if (line.topic not in ("", "other") or line.product) and line.count >= preset.value("comments"):
            values: dict[str, str | int | Words] = {
                "about": about(body, line),
                "count": line.count,
                "texts": listed(line.texts),
            }
            found.append(Found(values, f"{line.topic}:{line.product}", line.count))
    return found


def opinion(body: DebriefBody, preset: Preset) -> list[Found]:
    """A case of public opinion reached a level at which a product is stopped or the live is paused (R064)."""
    lines = [line for line in body.incidents if line.kind == "opinion"]
    if len(lines) < preset.value("times") or not body.opinion_level >= preset.value("level"):
        return []
    product = next((line.subject for line in lines if line.subject), "")
    values: dict[str, str | int | Words] = {
        "level": body.opinion_level,
        "about": f"「{body.name_of(product)}」" if product else "",
        "moves": len(lines),
    }
    return [Found(values, product)]


def slow_replies(body: DebriefBody, preset: Preset) -> list[Found]:
    """The first answer takes too long (R056)."""
    first = reading_of(body.service, "M77")
    if first is None or first.value is None or first.sample < preset.value("sample"):
        return []
    if first.value <= preset.value("first_s"):
        return []
    return [Found({"first": figure(first, body.currency), "sample": first.sample})]


def blocked_words(body: DebriefBody, preset: Preset) -> list[Found]:
    """Banned words were spoken (R065)."""
    times = body.incident_counts.get("blocked_word", 0)
    if times < preset.value("times"):
        return []
    spoken = dict.fromkeys(line.subject for line in body.incidents if line.kind == "blocked_word")
    return [Found({"times": times, "words": listed(f"“{word}”" for word in list(spoken)[:10])})]


def about(body: DebriefBody, line: QuestionLine) -> Words:
    """What a group of comments is about: the topic, and the product where they name one."""
    topic = label("topic", line.topic or "other")
    if not line.product:
        return topic
    name = body.name_of(line.product)
    return Words(f"「{name}」{topic.zh}", f"{topic.en} of “{name}”")
