"""Gradio's theme variables, set to ours; the colours themselves live in screen.css, for light and for dark."""

import gradio as gr

PAPER_LIGHT, PAPER_DARK = "#FBFAF6", "#14171A"  # also --paper in screen.css; here for the moment before it arrives

_BOTH = {
    "body_text_color": "var(--ink)",
    "body_text_color_subdued": "var(--muted)",
    "background_fill_primary": "var(--paper)",
    "background_fill_secondary": "var(--surface)",
    "border_color_primary": "var(--line)",
    "border_color_accent": "var(--accent)",
    "border_color_accent_subdued": "var(--line)",
    "color_accent_soft": "var(--surface)",
    "link_text_color": "var(--accent)",
    "link_text_color_active": "var(--accent)",
    "link_text_color_hover": "var(--accent)",
    "link_text_color_visited": "var(--accent)",
    "block_background_fill": "transparent",
    "block_border_width": "0px",
    "block_shadow": "none",
    "panel_background_fill": "transparent",
    "input_background_fill": "var(--surface)",
    "input_background_fill_focus": "var(--surface)",
    "input_border_color": "var(--line)",
    "input_border_color_focus": "var(--accent)",
    "input_placeholder_color": "var(--muted)",
    "input_shadow": "none",
    "input_shadow_focus": "none",
    "button_primary_background_fill": "var(--accent)",
    "button_primary_background_fill_hover": "var(--accent)",
    "button_primary_text_color": "var(--on-accent)",
    "button_primary_text_color_hover": "var(--on-accent)",
    "button_secondary_background_fill": "transparent",
    "button_secondary_background_fill_hover": "var(--hover)",
    "button_secondary_text_color": "var(--ink)",
    "button_secondary_text_color_hover": "var(--ink)",
    "button_secondary_border_color": "var(--line)",
    "button_secondary_border_color_hover": "var(--line)",
    "error_background_fill": "var(--refuse-surface)",
    "error_text_color": "var(--refuse)",
    "error_border_color": "var(--refuse)",
}


def make_theme() -> gr.themes.Base:
    """Return the theme: system faces (none is downloaded), flat surfaces, our colours in both modes."""
    theme = gr.themes.Base(
        font=["system-ui", "-apple-system", "Segoe UI", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
        radius_size=gr.themes.sizes.radius_md,
    )
    dark = {f"{name}_dark": value for name, value in _BOTH.items()}
    known = theme.set.__kwdefaults__ or {}
    return theme.set(
        body_background_fill=PAPER_LIGHT,
        body_background_fill_dark=PAPER_DARK,
        **_BOTH,
        **{name: value for name, value in dark.items() if name in known},
    )
