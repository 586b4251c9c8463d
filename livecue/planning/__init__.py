"""Before the show: what is planned, by whom, when and with which products."""
