"""The routers, in a module of their own: ``web.rooms`` imports from this folder."""

from livecue.web.compliance import drafts, rules, words

ROUTERS = (rules.router, drafts.router, words.router)
