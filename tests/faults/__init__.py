"""The program is killed, stopped, starved and lied to; afterwards nothing acknowledged is lost and nothing doubled."""
