"""The language of the windows: the user's own where there is a translation, else English."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from tunneldesk.presentation.translation import install_translator
from tunneldesk.resources import resource

if TYPE_CHECKING:
    from collections.abc import Sequence

_SOURCE = "en"


def speak(app: QCoreApplication, languages: Sequence[str] | None = None) -> str:
    """Speak the first of these languages that is known, in every window made from now on; return which.

    Args:
        app: What is to speak it.
        languages: As ``de-AT``, the dearest first; None for those the user has set in the system.
    """
    for language in QLocale.system().uiLanguages() if languages is None else languages:
        short = language.replace("_", "-").partition("-")[0].lower()
        if short == _SOURCE:
            break
        ours = QTranslator(app)
        if ours.load(f"tunneldesk_{short}", str(resource("translations"))):
            # Qt's own texts, those of its file dialogs for one, where its package brings them.
            theirs = QTranslator(app)
            if theirs.load(f"qtbase_{short}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
                app.installTranslator(theirs)
            app.installTranslator(ours)
            install_translator(QCoreApplication.translate)
            return short
    return _SOURCE
