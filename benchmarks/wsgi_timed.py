"""Our application, and when it acknowledged each text, which is when the text is durable."""

from benchmarks.acknowledging import timed
from lumbung.config.wsgi import application as ours

application = timed(ours)
