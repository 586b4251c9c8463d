"""The routers, in a module of their own: ``web.rooms`` imports from this folder."""

from livecue.web.compliance import drafts, reviews, rules, training, words

ROUTERS = (rules.router, drafts.router, words.router, reviews.router, training.router)
