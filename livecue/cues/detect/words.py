"""Rules about what is said: questions that wait, complaints, harmful comments, words that must not be spoken."""

from livecue.cues.presets import Preset
from livecue.cues.scene import Calm, Facts, Finding, Flag, Said, Scene, Signal

_MINUTE = 60_000
_TEN = 600_000


def r056(scene: Scene, preset: Preset) -> list[Finding]:
    """A question waits too long."""
    waiting = scene.heard.waiting
    oldest_s = (scene.now - waiting[0].when) / 1000 if waiting else 0.0
    if oldest_s <= preset.value("late_s"):
        return [Calm(rule="R056", recovered=oldest_s <= preset.value("recover"))]
    late = sum(1 for item in waiting if scene.now - item.when > preset.value("late_s") * 1000)
    facts: Facts = {"oldest": int(oldest_s), "late": late, "waiting": len(waiting), "comment": waiting[0].comment}
    return [Signal(rule="R056", facts={**facts, "bound": preset.value("late_s")})]


def r063(scene: Scene, preset: Preset) -> list[Finding]:
    """Complaints pile up, or one is repeated."""
    recent = [item for item in scene.heard.complaints if scene.now - item.when < _TEN]
    minute = sum(1 for item in recent if scene.now - item.when < _MINUTE)
    topic, most = _most_said(recent)
    flood, repeat = preset.value("flood"), preset.value("repeat")
    if minute < flood and most < repeat:
        return [Calm(rule="R063", recovered=minute <= preset.value("recover") and most <= preset.value("recover"))]
    facts: Facts = {"count": max(minute, most), "minute": minute, "repeated": most, "topic": topic}
    facts.update({"text": recent[-1].text, "comment": recent[-1].comment, "bound": flood})
    # The rule counts comments; how many people they come from is what the case of public opinion counts (10.5, L2).
    case = next((item for item in scene.heard.crises if item.topic in ("", topic) and item.people >= 0), None)
    if case is not None:
        facts["people"] = case.people
    return [Signal(rule="R063", facts=facts)]


def r064(scene: Scene, preset: Preset) -> list[Finding]:
    """Figures point to a crisis and nobody has decided: the decision is a person's, the cue only asks for it."""
    level = preset.value("level")
    waiting = [item for item in scene.heard.crises if item.state == "suspected" and item.level >= level]
    if not waiting:
        return []
    item = max(waiting, key=lambda one: (one.level, one.when))
    facts: Facts = {"level": item.level, "people": item.people, "count": item.comments, "topic": item.topic}
    facts.update({"case": item.case, "waits_s": int((scene.now - item.when) / 1000), "bound": level})
    return [Signal(rule="R064", facts=facts, mark=item.level)]


def r065(scene: Scene, preset: Preset) -> list[Finding]:
    """A banned word was spoken or shown: the host corrects it; what needs a check, and repeats, go to floor control."""
    flags = [item for item in scene.heard.flags if item.where in preset.classes]
    banned = [item for item in flags if item.severity == "block"]
    doubtful = [item for item in flags if item.severity != "block" and scene.now - item.when < _MINUTE]
    latest = [item for item in banned if scene.now - item.when < _MINUTE]
    repeats = [item for item in banned if scene.now - item.when < _TEN]
    found: list[Finding] = []
    found.append(_words("", latest) if latest else Calm(rule="R065"))
    if doubtful:
        found.append(_words("doubtful", doubtful, roles=("floor",), quiet=True))
    else:
        found.append(Calm(rule="R065", subject="doubtful"))
    if len(repeats) >= preset.value("repeat"):
        found.append(_words("repeated", repeats, roles=("floor",)))
    else:
        found.append(Calm(rule="R065", subject="repeated"))
    return found


def r066(scene: Scene, preset: Preset) -> list[Finding]:
    """A harmful comment stands in the room."""
    # One comment may be judged abusive and hit the word list too: it is one comment.
    harmful = {
        item.comment: (item.number, item.text) for item in scene.heard.harmful if scene.now - item.when < _MINUTE
    }
    for flag in scene.heard.flags:
        if flag.where == "comment" and flag.entry[:1] in preset.classes and scene.now - flag.when < _MINUTE:
            harmful.setdefault(flag.subject, (flag.number, flag.text))
    if not harmful:
        return [Calm(rule="R066")]
    comment, (number, text) = max(harmful.items(), key=lambda item: item[1][0])
    facts: Facts = {"count": len(harmful), "comment": comment, "text": text}
    return [Signal(rule="R066", facts=facts, mark=number)]


def _words(subject: str, flags: list[Flag], roles: tuple[str, ...] = (), quiet: bool = False) -> Signal:
    latest = flags[-1]
    words = list(dict.fromkeys(item.word for item in flags))
    facts: Facts = {"word": "、".join(words), "count": len(flags), "class": latest.entry, "severity": latest.severity}
    facts.update({"advice": latest.advice, "text": latest.text, "where": latest.where})
    return Signal(rule="R065", subject=subject, facts=facts, mark=latest.number, roles=roles, quiet=quiet)


def _most_said(complaints: list[Said]) -> tuple[str, int]:
    counts: dict[str, int] = {}
    for item in complaints:
        if item.topic:
            counts[item.topic] = counts.get(item.topic, 0) + 1
    return max(counts.items(), key=lambda item: item[1], default=("", 0))
