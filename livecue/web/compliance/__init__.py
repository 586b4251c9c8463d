"""The doors to what may be said: rules and versions, drafts, own words."""
