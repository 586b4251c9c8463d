"""Rules about what is said: questions that wait, complaints, harmful comments, words that must not be spoken."""

from livecue.cues.presets import Preset
from livecue.cues.scene import Calm, Facts, Finding, Flag, Said, Scene, Signal, Suspended, unknown

_COMMENTS = "M25.comments"
_SPEECH = "speech"
NOT_WATCHED = "speech_not_watched"


def r056(scene: Scene, preset: Preset) -> list[Finding]:
    """A question waits too long."""
    heard = scene.heard
    since = heard.oldest_question()
    oldest_s = (scene.now - since) / 1000 if since else 0.0
    if oldest_s <= preset.value("late_s"):
        return [_quiet(scene, "R056", oldest_s <= preset.value("recover"))]
    late = heard.questions(int(scene.now - preset.value("late_s") * 1000))
    comment = heard.waiting[0].comment if heard.waiting else ""
    facts: Facts = {"oldest": int(oldest_s), "late": late, "waiting": heard.questions(), "comment": comment}
    return [Signal(rule="R056", facts={**facts, "bound": preset.value("late_s")})]


def r063(scene: Scene, preset: Preset) -> list[Finding]:
    """Complaints pile up, or one is repeated."""
    complaints = scene.heard.complaints
    at_once = sum(_fresh(scene, preset, "flood_s", item.when) for item in complaints)
    topic, most = _most_said([item for item in complaints if _fresh(scene, preset, "repeat_s", item.when)])
    flood, repeat, back = preset.value("flood"), preset.value("repeat"), preset.value("recover")
    if at_once < flood and most < repeat:
        return [_quiet(scene, "R063", at_once <= back and most <= back)]
    facts: Facts = {"count": max(at_once, most), "minute": at_once, "repeated": most, "topic": topic}
    facts.update({"text": complaints[-1].text, "comment": complaints[-1].comment, "bound": flood})
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
        return [_quiet(scene, "R064")]
    item = max(waiting, key=lambda one: (one.level, one.when))
    facts: Facts = {"level": item.level, "people": item.people, "count": item.comments, "topic": item.topic}
    facts.update({"case": item.case, "waits_s": int((scene.now - item.when) / 1000), "bound": level})
    return [Signal(rule="R064", facts=facts, mark=item.level)]


def r065(scene: Scene, preset: Preset) -> list[Finding]:
    """A banned word was spoken or shown: the host corrects it; what needs a check, and repeats, go to floor control."""
    flags = [item for item in scene.heard.flags if item.where in preset.classes]
    banned = [item for item in flags if item.severity == "block"]
    doubtful = [item for item in flags if item.severity != "block" and _fresh(scene, preset, "fresh_s", item.when)]
    latest = [item for item in banned if _fresh(scene, preset, "fresh_s", item.when)]
    repeats = [item for item in banned if _fresh(scene, preset, "repeat_s", item.when)]
    if not (doubtful or latest or repeats) and not _listening(scene, preset):
        return [Suspended(rule="R065", metric=_SPEECH, why=NOT_WATCHED)]
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
        item.comment: (item.number, item.text)
        for item in scene.heard.harmful
        if _fresh(scene, preset, "fresh_s", item.when)
    }
    for flag in scene.heard.flags:
        fresh = _fresh(scene, preset, "fresh_s", flag.when)
        if fresh and flag.where == "comment" and flag.entry[:1] in preset.classes:
            harmful.setdefault(flag.subject, (flag.number, flag.text))
    if not harmful:
        return [_quiet(scene, "R066")]
    comment, (number, text) = max(harmful.items(), key=lambda item: item[1][0])
    facts: Facts = {"count": len(harmful), "comment": comment, "text": text}
    return [Signal(rule="R066", facts=facts, mark=number)]


def _fresh(scene: Scene, preset: Preset, within: str, when: int) -> bool:
    return scene.now - when < preset.value(within) * 1000


def _listening(scene: Scene, preset: Preset) -> bool:
    return scene.heard.speech_at > 0 and scene.now - scene.heard.speech_at <= preset.value("watched_s") * 1000


def _quiet(scene: Scene, rule: str, recovered: bool = True) -> Finding:
    """Nothing to speak of; where nobody tells what is commented, nobody can say so."""
    reading = scene.readings.reading(_COMMENTS)
    return Calm(rule=rule, recovered=recovered) if reading.value is not None else unknown(rule, reading)


def _words(subject: str, flags: list[Flag], roles: tuple[str, ...] = (), quiet: bool = False) -> Signal:
    latest = flags[-1]
    words = list(dict.fromkeys(item.word for item in flags))
    facts: Facts = {"word": "、".join(words), "count": len(flags), "class": latest.entry, "severity": latest.severity}
    facts.update({"advice": latest.advice, "text": latest.text, "where": latest.where})
    if latest.advice_en:
        facts["advice_en"] = latest.advice_en
    return Signal(rule="R065", subject=subject, facts=facts, mark=latest.number, roles=roles, quiet=quiet)


def _most_said(complaints: list[Said]) -> tuple[str, int]:
    counts: dict[str, int] = {}
    for item in complaints:
        if item.topic:
            counts[item.topic] = counts.get(item.topic, 0) + 1
    return max(counts.items(), key=lambda item: item[1], default=("", 0))
