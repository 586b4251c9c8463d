"""Douyin 抖音: the official push, the decoder of captured web frames, files of a room."""
