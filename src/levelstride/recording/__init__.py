"""Getting a motion in: video decoding, pose model, recording context. See :func:`read_video`."""
