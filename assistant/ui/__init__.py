"""The screen: one module per panel, theme and script as files. Gradio is imported in this package only."""

import os

# Gradio reads it when it is first imported, and phones home unless it says exactly this. Every import of Gradio
# goes through this package, so this line runs before it.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
