"""Forms are drawn by the templates in `shell/forms/`, everywhere and without a tag: `{{ form }}` is enough.

Settings: `FORM_RENDERER = "casearc_web.shell.renderer.ShellRenderer"`, and `django.forms` among the installed apps.
"""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class ShellRenderer(TemplatesSetting):
    """Label, hint and error tied to their control; a summary of errors on top; optional fields say so."""

    form_template_name = "shell/forms/form.html"
    formset_template_name = "shell/forms/formset.html"
    field_template_name = "shell/forms/field.html"
