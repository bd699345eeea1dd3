"""The window: header, a card per tunnel, and the tunnels that run elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from tunneldesk.ui.icons import app_icon
from tunneldesk.ui.menu_button import MenuButton
from tunneldesk.ui.parts import button, label, scale_font, set_text
from tunneldesk.ui.quota_meter import QuotaMeter
from tunneldesk.ui.remote_list import RemoteList
from tunneldesk.ui.tab_order import BySight
from tunneldesk.ui.theme import SPACE
from tunneldesk.ui.trouble_row import TroubleRow
from tunneldesk.ui.tunnel_card import TunnelCard
from tunneldesk.ui.update_row import UpdateRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from tunneldesk.presentation.tray import TrayView
    from tunneldesk.presentation.window import WindowView
    from tunneldesk.ui.intents import Intents
    from tunneldesk.ui.notice_bar import NoticeBar

_SECOND = 1000
_SPARE_AFTER_MS = 200


class MainWindow(BySight):
    """Shows a `WindowView`.

    Signals:
        time_passed: A second went by while something on the window counts; it wants to be drawn anew.
        closing: The user closed it; whoever owns it decides what that means.
    """

    time_passed = Signal()
    closing = Signal()

    def __init__(self, intents: Intents) -> None:
        super().__init__()
        self._intents = intents
        self._view: WindowView | None = None
        self._cards: dict[str, TunnelCard] = {}
        self._unfolded: set[str] = set()
        self._spare: TunnelCard | None = None
        """A card for the next tunnel, made and styled while nobody waits for it. That takes longer than all the
        rest that is drawn when somebody has pressed "Expose"."""
        self._idle = QTimer(self, singleShot=True, interval=_SPARE_AFTER_MS)
        self._idle.timeout.connect(self._prepare_card)
        self._clock = QTimer(self, interval=_SECOND)
        self._clock.timeout.connect(self.time_passed)
        self.setWindowTitle("TunnelDesk")
        self.setWindowIcon(app_icon())
        self.resize(SPACE * 86, SPACE * 70)
        self._header()
        self._body()
        column = QVBoxLayout(self)
        column.addStrut(SPACE * 60)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._scroll, 1)
        self._column = column
        self._notice: NoticeBar | None = None
        QShortcut(QKeySequence.StandardKey.Close, self, self.close)
        QShortcut(QKeySequence.StandardKey.New, self, intents.expose)
        QShortcut(QKeySequence.StandardKey.Quit, self, intents.quit)
        QShortcut(QKeySequence(Qt.Key.Key_F10), self, self._menu.click)

    def _header(self) -> None:
        self._head = QFrame(self)
        self._head.setObjectName("header")
        self._place = label()
        scale_font(self._place, 1.1, bold=True)
        self._account = label(role="muted")
        self._meter = QuotaMeter()
        self._sign_in = button(self.tr("Sign in..."), self._intents.sign_in)
        self._expose = button(self.tr("Expose a port..."), self._intents.expose, primary=True)
        self._menu = MenuButton(self._intents)
        who = QVBoxLayout()
        who.setSpacing(SPACE // 4)
        who.addWidget(self._place)
        who.addWidget(self._account)
        row = QHBoxLayout(self._head)
        row.setContentsMargins(SPACE * 2, SPACE * 3 // 2, SPACE * 2, SPACE * 3 // 2)
        row.setSpacing(SPACE * 2)
        row.addLayout(who, 1)
        row.addWidget(self._meter)
        row.addWidget(self._sign_in)
        row.addWidget(self._expose)
        row.addWidget(self._menu)

    def _body(self) -> None:
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        cards = QWidget()
        cards.setObjectName("cards")
        self._update = UpdateRow(self._intents.dismiss_update)
        self._trouble = TroubleRow(self._intents)
        self._empty = _Empty(self._intents)
        self._list = QVBoxLayout()
        self._list.setSpacing(SPACE * 3 // 2)
        self._remote = RemoteList(self.tr("Running elsewhere"), self.tr("Stop"), self._intents.stop_remote)
        column = QVBoxLayout(cards)
        column.setContentsMargins(SPACE * 2, SPACE * 2, SPACE * 2, SPACE * 2)
        column.setSpacing(SPACE * 3 // 2)
        column.addWidget(self._update)
        column.addWidget(self._trouble)
        column.addWidget(self._empty, 1)
        column.addLayout(self._list)
        column.addWidget(self._remote)
        column.addStretch(0)
        self._stretch = column
        self._scroll.setWidget(cards)

    def render_view(self, view: WindowView) -> None:
        """Show this; cards are kept, moved and filled anew, never rebuilt."""
        if view == self._view:
            return
        self._view = view
        set_text(self._place, view.place)
        set_text(self._account, view.account)
        self._meter.render_quota(view.used, view.limit, view.quota)
        self._meter.setVisible(not view.sign_in and not view.opening)
        self._sign_in.setVisible(view.offers_sign_in)
        self._expose.setVisible(not view.sign_in)
        self._expose.setEnabled(view.can_expose)
        self._update.render_update(view.update)
        self._trouble.render_trouble(view.trouble)
        self._render_cards(view)
        self._remote.render_rows(view.elsewhere)
        self._empty.render_view(view)
        self._empty.setVisible(not view.cards)
        self._stretch.setStretch(self._stretch.count() - 1, 1 if view.cards else 0)
        self._keep_time()

    def render_menu(self, view: TrayView) -> None:
        """Offer what the tray's menu offers."""
        self._menu.render_view(view)

    def show_card(self, key: str, *, select: bool = False) -> None:
        """Bring a card into view, with its address selected where the user has to copy it by hand."""
        card = self._cards.get(key)
        if card is None:
            return
        self._scroll.ensureWidgetVisible(card)
        if select:
            card.select_address()
        else:
            card.focus_address()

    def show_notice(self, title: str, text: str, clicked: Callable[[], None], *, grave: bool) -> None:
        """Show what a notification would say, where the desktop shows none."""
        if self._notice is None:
            from tunneldesk.ui.notice_bar import NoticeBar  # hardly anywhere

            self._notice = NoticeBar(self)
            self._column.insertWidget(self._column.indexOf(self._head) + 1, self._notice)
        self._notice.show_notice(title, text, clicked, grave=grave)

    def take_back_notice(self) -> None:
        """Show no notice any more: what it tells of is over."""
        if self._notice is not None:
            self._notice.hide()

    @property
    def unfolded(self) -> frozenset[str]:
        """Whose details are shown."""
        return frozenset(self._unfolded)

    def unfold(self, key: str, wanted: bool = True) -> None:
        """Show a card's details, or hide them."""
        if wanted:
            self._unfolded.add(key)
        else:
            self._unfolded.discard(key)
        self.time_passed.emit()

    def raise_up(self) -> None:
        """Show the window and bring it to the front."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leave to the owner what closing means; at the end of the session never stand in the way."""
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication) and app.isSavingSession():
            event.accept()
            return
        event.ignore()
        self.closing.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Count again, from the time it is now."""
        super().showEvent(event)
        self.time_passed.emit()
        self._keep_time()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop counting where nobody looks."""
        super().hideEvent(event)
        self._keep_time()

    def changeEvent(self, event: QEvent) -> None:
        """A minimised window does not count either."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.WindowStateChange:
            self._keep_time()

    def _keep_time(self) -> None:
        wanted = self.isVisible() and not self.isMinimized() and self._view is not None and self._view.counts
        if wanted and not self._clock.isActive():
            self._clock.start()
        elif not wanted:
            self._clock.stop()

    def _render_cards(self, view: WindowView) -> None:
        wanted = [card.key for card in view.cards]
        for key in [key for key in self._cards if key not in wanted]:
            self._unfolded.discard(key)
            gone = self._cards.pop(key)
            gone.hide()
            self._list.removeWidget(gone)
            gone.deleteLater()
        for position, card_view in enumerate(view.cards):
            card = self._cards.get(card_view.key)
            if card is None:
                card = self._cards[card_view.key] = self._spare or self._blank_card()
                self._spare = None
            # A new card is filled before it is in the window, which would be laid out for every part of it.
            card.render_card(card_view)
            if self._list.indexOf(card) != position:
                self._list.removeWidget(card)
                self._list.insertWidget(position, card)
            card.show()
        if self._spare is None:
            self._idle.start()

    def _blank_card(self) -> TunnelCard:
        card = TunnelCard(self._intents)
        card.unfold_wanted.connect(self.unfold)
        return card

    def _prepare_card(self) -> None:
        self._spare = card = self._blank_card()
        card.hide()
        self._list.addWidget(card)
        for part in (card, *card.findChildren(QWidget)):
            part.ensurePolished()


class _Empty(QWidget):
    """What stands where cards would: one sentence, one button."""

    def __init__(self, intents: Intents) -> None:
        super().__init__()
        self._sentence = label(wrap=True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        scale_font(self._sentence, 1.15)
        self._expose = button(self.tr("Expose a port..."), intents.expose, primary=True)
        self._sign_in = button(self.tr("Sign in..."), intents.sign_in, primary=True)
        picture = label()
        picture.setPixmap(app_icon().pixmap(SPACE * 9, SPACE * 9))
        picture.setAccessibleName("TunnelDesk")
        column = QVBoxLayout(self)
        column.setSpacing(SPACE * 2)
        column.addStretch(2)
        column.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._sentence)
        column.addWidget(self._expose, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self._sign_in, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def render_view(self, view: WindowView) -> None:
        """Say what there is to do first."""
        if view.quitting:
            sentence = self.tr("Stopping everything ...")
        elif view.opening:
            sentence = self.tr("Starting ...")
        elif view.sign_in:
            sentence = self.tr("Sign in to put a port of this computer on a public address.")
        else:
            sentence = self.tr("Nothing is exposed. Choose a port, and it gets a public address in seconds.")
        set_text(self._sentence, sentence)
        self._sign_in.setVisible(view.sign_in and not view.quitting)
        self._expose.setVisible(not (view.sign_in or view.opening or view.quitting))
