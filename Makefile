# Thin over one script, which also runs without make: python3 tasks.py help
# Arguments: make run ARGS="--port 8100"
PYTHON ?= python3

.PHONY: run test docs check bench pictures faults soak wheel lock setup help
run test docs check bench pictures faults soak wheel lock setup help:
	@$(PYTHON) tasks.py $@ $(ARGS)

.DEFAULT_GOAL := help
