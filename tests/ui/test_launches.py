"""What becomes of a launch while the app runs already: one app per home, which does what the second was asked."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QProcessEnvironment, QTimer
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox

from build_scripts import sample_states as samples
from tunneldesk.desktop_options import DesktopOptions
from tunneldesk.domain.account import Account
from tunneldesk.domain.errors import ErrorCode, Failure
from tunneldesk.domain.model import Session, SessionStatus, Wish
from tunneldesk.storage.paths import Paths
from tunneldesk.ui.main_window import MainWindow
from tunneldesk.ui.no_answer import tell_of_no_answer
from tunneldesk.ui.single_instance import NoAnswerError, SingleInstance

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def key(tmp_path: Path) -> str:
    return f"test-{abs(hash(tmp_path)):x}"


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "home" / "instance.lock"


LAUNCH = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from tunneldesk.desktop_options import DesktopOptions
from tunneldesk.ui.single_instance import SingleInstance
key, lock, seconds, busy = sys.argv[1:]
app = QCoreApplication([])
instance = SingleInstance(key, Path(lock))
first = instance.claim(DesktopOptions(expose_port=3000, expose_name="my-app"), float(seconds))
print("first" if first else "second", flush=True)
time.sleep(float(busy))  # at login, everything at once: nothing on the socket is looked at
"""


def launch(key: str, lock: Path, *, seconds: float = 30.0, busy: float = 0.0) -> subprocess.Popen[str]:
    """Launch it in a process of its own; it says which it is."""
    argv = [sys.executable, "-c", LAUNCH, key, str(lock), str(seconds), str(busy)]
    return subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)


class Heard:
    """Writes down what later launches ask for."""

    def __init__(self) -> None:
        self.ending = False
        self.options: list[DesktopOptions] = []

    def again(self, options: DesktopOptions) -> None:
        self.options.append(options)


ASKED = DesktopOptions(expose_port=3000, expose_name="my-app")
"""What `launch` asks for."""


def test_a_second_launch_hands_over_what_it_was_asked_to_do(qtbot: QtBot, key: str, lock: Path) -> None:
    first, heard = SingleInstance(key, lock), Heard()
    assert first.claim(DesktopOptions())
    first.hear(heard)
    with launch(key, lock) as second:
        qtbot.waitUntil(lambda: second.poll() is not None, timeout=20_000)
        assert second.communicate()[0] == "second\n"
    assert heard.options == [ASKED]
    first.release()


def test_a_launch_while_the_app_still_starts_is_done_when_it_can_be(qtbot: QtBot, key: str, lock: Path) -> None:
    first, heard = SingleInstance(key, lock), Heard()
    assert first.claim(DesktopOptions())
    server = first.findChild(QLocalServer)
    assert server
    with launch(key, lock) as second:
        qtbot.waitUntil(server.hasPendingConnections, timeout=20_000)
        qtbot.wait(300)
        assert second.poll() is None, "it is not told that it was heard, since nobody was there to hear it"
        first.hear(heard)
        qtbot.waitUntil(lambda: second.poll() is not None, timeout=20_000)
        assert second.communicate()[0] == "second\n"
    assert heard.options == [ASKED]
    first.release()


def test_a_launch_while_the_app_ends_is_the_next_first_one(qtbot: QtBot, key: str, lock: Path) -> None:
    first, heard = SingleInstance(key, lock), Heard()
    assert first.claim(DesktopOptions())
    first.hear(heard)
    heard.ending = True
    with launch(key, lock) as second:
        qtbot.wait(1500)
        assert second.poll() is None, "it waits for its place"
        first.release()
        qtbot.waitUntil(lambda: second.poll() is not None, timeout=20_000)
        assert second.communicate()[0] == "first\n"
    assert heard.options == []


def test_nothing_is_begun_for_a_launch_while_the_app_ends(face: Callable[..., Any]) -> None:
    made = face(samples.STATES["empty"])
    assert not made.desktop.launches.ending
    made.become(replace(samples.STATES["empty"], quitting=True))
    assert made.desktop.launches.ending


def test_an_app_that_hears_it_is_asked_to_quit_once(qtbot: QtBot, key: str, lock: Path) -> None:
    """It may ask the user about it, and takes its time."""
    first, heard = SingleInstance(key, lock), Heard()
    assert first.claim(DesktopOptions())
    first.hear(heard)
    ask = (
        "import sys; from pathlib import Path; from tunneldesk.ui.end_running import end_running; "
        "sys.exit(not end_running(sys.argv[1], Path(sys.argv[2])))"
    )
    with subprocess.Popen([sys.executable, "-c", ask, key, str(lock)]) as asking:
        qtbot.waitUntil(lambda: heard.options != [], timeout=20_000)
        qtbot.wait(700)
        assert asking.poll() is None, "it waits until the app has ended"
        first.release()
        qtbot.waitUntil(lambda: asking.poll() is not None, timeout=20_000)
        assert asking.returncode == 0
    assert heard.options == [DesktopOptions(quit=True)]


@pytest.mark.posix("a socket in the file system")
def test_a_socket_left_behind_by_a_crash_never_wins(qapp: Any, key: str, lock: Path) -> None:  # noqa: ARG001
    dead = QLocalServer()
    assert dead.listen(f"tunneldesk-{key}")
    path = dead.fullServerName()
    dead.close()
    left = socket.socket(socket.AF_UNIX)
    left.bind(path)
    left.close()
    new = SingleInstance(key, lock)
    assert not new.is_taken()
    assert new.claim(DesktopOptions())
    new.release()


def test_an_app_too_busy_to_answer_is_never_thrown_out(qapp: Any, key: str, lock: Path) -> None:  # noqa: ARG001
    """It claimed its place and imports the rest for longer than anybody likes to wait, as at a login."""
    with launch(key, lock, busy=60.0) as first:
        assert first.stdout
        assert first.stdout.readline() == "first\n"
        late = SingleInstance(key, lock)
        with pytest.raises(NoAnswerError):
            late.claim(DesktopOptions(), 2.5)
        assert late.is_taken(), "the first still has its socket"
        first.kill()
    assert late.claim(DesktopOptions(), 5.0), "and nobody has it when it has ended, in whatever way"
    late.release()


def test_of_two_launches_at_once_one_is_the_first(key: str, lock: Path) -> None:
    """Neither meets the other's socket."""
    with launch(key, lock, seconds=1.0, busy=3.0) as one, launch(key, lock, seconds=1.0, busy=3.0) as other:
        said = [each.communicate()[0].strip() for each in (one, other)]
    assert said.count("first") == 1


def test_where_no_lock_can_be_had_the_socket_has_to_do(qapp: Any, key: str, tmp_path: Path) -> None:  # noqa: ARG001
    (tmp_path / "home").write_text("no folder")
    lock = tmp_path / "home" / "instance.lock"
    first = SingleInstance(key, lock)
    assert first.claim(DesktopOptions())
    with pytest.raises(NoAnswerError):
        SingleInstance(key, lock).claim(DesktopOptions(), 0.5)
    first.release()


def test_the_icon_waits_for_nothing_that_takes_long_to_load(tmp_path: Path) -> None:
    """Neither for the lock's library, nor for the many names of Qt and QEvent, made when first asked for."""
    shown = (
        "import sys\n"
        "from PySide6 import QtCore\n"
        "from tunneldesk import launch\n"
        "from tunneldesk.desktop_options import DesktopOptions\n"
        "from tunneldesk.ui import first_icon\n"
        "def loaded(name): return name in sys.modules or name in vars(QtCore)\n"
        "def tell(): sys.exit(str(list(filter(loaded, ('filelock', 'Qt', 'QEvent', 'QThread')))))\n"
        "first_icon.show_first_icon = tell\n"
        "launch.main(DesktopOptions())"
    )
    environ = {**os.environ, "TUNNELDESK_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    ended = subprocess.run(
        [sys.executable, "-c", shown], env=environ, stderr=subprocess.PIPE, text=True, check=False
    )
    assert ended.stderr == "['QThread']\n", "the last is needed, and shows that this test can tell"


def test_a_launch_that_nobody_answers_says_so(qapp: QApplication, capfd: pytest.CaptureFixture[str]) -> None:
    shown: list[str] = []

    def read() -> None:
        box = qapp.activeModalWidget()
        assert isinstance(box, QMessageBox)
        shown.extend((box.text(), box.informativeText()))
        box.accept()

    QTimer.singleShot(0, read)
    tell_of_no_answer(qapp, quietly=False)
    assert shown[0] == "TunnelDesk does not answer"
    assert "30 seconds" in shown[1]
    tell_of_no_answer(qapp, quietly=True)
    assert shown[0] in capfd.readouterr().err


@pytest.mark.parametrize(
    "said",
    [
        b"nonsense\n",
        b"[]\n",
        b'{"expose_port": true}\n',
        b'{"expose_name": 1}\n',
        b'{"link": 1}\n',
        b'{"quit": 1}\n',
        b'{"demo": null}\n',
        b'{"server": []}\n',
        b"x" * 5000,
    ],
)
def test_nonsense_on_the_socket_is_answered_by_hanging_up(qtbot: QtBot, key: str, lock: Path, said: bytes) -> None:
    first = SingleInstance(key, lock)
    assert first.claim(DesktopOptions())
    heard = Heard()
    first.hear(heard)
    stranger = QLocalSocket()
    stranger.connectToServer(f"tunneldesk-{key}")
    stranger.write(said)
    qtbot.waitUntil(lambda: stranger.state() is QLocalSocket.LocalSocketState.UnconnectedState, timeout=5000)
    assert heard.options == []
    first.release()


def test_another_launch_is_carried_out_by_the_first(face: Callable[..., Any]) -> None:
    made = face(samples.STATES["empty"])
    made.desktop.launches.again(DesktopOptions())
    assert made.desktop.window.widget.isVisible()
    made.desktop.launches.again(DesktopOptions(expose_port=3000, expose_name="my-app"))
    assert made.calls[-1] == ("expose", Wish(3000, "my-app"))


def test_the_window_comes_to_the_front_by_the_right_of_the_launch(
    face: Callable[..., Any], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Wayland: Qt looks for the token in the environment, where no child of ours must find it used up."""
    tokens: list[str] = []
    monkeypatch.setattr(MainWindow, "raise_up", lambda _: tokens.append(token_for_qt()))
    made = face(samples.STATES["empty"])
    made.desktop.launches.again(DesktopOptions(activation="kwin-42"))
    assert tokens == ["kwin-42"]
    assert "XDG_ACTIVATION_TOKEN" not in os.environ
    qtbot.waitUntil(lambda: token_for_qt() == "", timeout=5000)
    made.desktop.launches.again(DesktopOptions(activation="two\nlines\0"))
    assert tokens == ["kwin-42", ""]


def token_for_qt() -> str:
    return QProcessEnvironment.systemEnvironment().value("XDG_ACTIVATION_TOKEN")


def test_a_launch_gives_on_the_right_to_come_to_the_front(
    monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "kwin-42")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setenv("TUNNELDESK_HOME", str(tmp_path))
    paths, heard = Paths.find(os.environ), Heard()
    first = SingleInstance(paths.key, paths.instance_lock)
    assert first.claim(DesktopOptions())
    first.hear(heard)
    with subprocess.Popen([sys.executable, "-m", "tunneldesk", "--background"]) as second:
        qtbot.waitUntil(lambda: second.poll() is not None, timeout=20_000)
    assert heard.options == [DesktopOptions(background=True, activation="kwin-42")]
    first.release()


def test_a_launch_at_login_shows_nothing_if_the_app_runs_already(face: Callable[..., Any]) -> None:
    made = face(samples.STATES["empty"])
    made.desktop.launches.again(DesktopOptions(background=True))
    assert made.desktop.in_background()
    assert made.calls == []


def test_what_is_wanted_on_this_computer_only_is_exposed_nowhere_else(face: Callable[..., Any]) -> None:
    """`tunneldesk --demo --expose 3000`, while the app is signed in to a server that everybody can reach."""
    made = face(samples.STATES["empty"])
    made.desktop.launches.again(DesktopOptions(demo=True, expose_port=3000, expose_name="my-app"))
    assert made.desktop.window.widget.isVisible()
    assert made.calls[-1] == ("use_demo", "for this run")
    made.become(replace(samples.STATES["empty"], max_tunnels=9))
    assert made.calls[-1] == ("use_demo", "for this run")
    made.become(samples.in_demo())
    assert made.calls[-1] == ("expose", Wish(3000, "my-app"))
    made.become(replace(samples.in_demo(), max_tunnels=9))
    assert sum(call[0] == "expose" for call in made.calls) == 1


def test_a_demo_that_can_not_be_had_exposes_nothing_later(face: Callable[..., Any]) -> None:
    state = samples.STATES["empty"]
    made = face(state)
    made.desktop.launches.again(DesktopOptions(demo=True, expose_port=3000))
    made.become(replace(state, failure=Failure(ErrorCode.EMBEDDED_SERVER_FAILED)))
    made.become(samples.in_demo())
    assert "expose" not in {call[0] for call in made.calls}


def test_a_launch_into_the_demo_that_runs_goes_on_at_once(face: Callable[..., Any]) -> None:
    made = face(samples.in_demo())
    made.desktop.launches.again(DesktopOptions(demo=True, expose_port=3000))
    assert [call for call in made.calls if call[0] != "refresh"] == [("expose", Wish(3000))]


def test_a_launch_for_a_known_server_is_for_its_account(face: Callable[..., Any]) -> None:
    other = Account("https://other.example.com", "me@example.com")
    state = replace(samples.STATES["empty"], accounts=(other,))
    made = face(state)
    made.desktop.launches.again(DesktopOptions(server=other.server, expose_port=3000))
    assert made.calls[-1] == ("use_account", other)
    made.become(replace(state, session=Session(other.server, SessionStatus.SIGNED_IN, email=other.email)))
    assert made.calls[-1] == ("expose", Wish(3000))


def test_a_launch_at_login_asks_nobody_to_sign_in(face: Callable[..., Any]) -> None:
    made = face(samples.STATES["empty"])
    made.desktop.launches.again(DesktopOptions(server="https://other.example.com", background=True))
    assert made.desktop.in_background()


def test_a_launch_for_another_server_asks_who_signs_in_there_and_goes_on_then(face: Callable[..., Any]) -> None:
    state = samples.STATES["empty"]
    made = face(state)
    server = "https://other.example.com"
    made.desktop.launches.again(DesktopOptions(server=server, expose_port=3000))
    assert made.desktop.signing.welcome.isVisible()
    assert made.desktop.signing.welcome.findChildren(QLineEdit)[0].text() == server
    assert "expose" not in {call[0] for call in made.calls}
    made.become(replace(state, session=Session(server, SessionStatus.SIGNED_IN)))
    assert made.calls[-1] == ("expose", Wish(3000))


def test_the_first_launch_exposes_what_it_names(face: Callable[..., Any]) -> None:
    made = face(replace(samples.STATES["empty"], session=Session(status=SessionStatus.OPENING)))
    made.desktop.launches.first(DesktopOptions(server="https://example.com", expose_port=3000))
    assert made.calls == [("expose", Wish(3000))]
    assert made.desktop.window.widget.isVisible()


def test_an_installer_can_have_the_app_quit(face: Callable[..., Any]) -> None:
    made = face(samples.STATES["empty"])
    made.desktop.launches.again(DesktopOptions(quit=True))
    assert made.commands.calls == [("quit",)]
    assert not made.desktop.window.widget.isVisible()


def test_asking_an_app_to_quit_that_is_not_there_is_done_at_once(qapp: Any, key: str, lock: Path) -> None:  # noqa: ARG001
    assert SingleInstance(key, lock).end_first(0.0)


def test_an_app_that_does_not_quit_is_told_of(qapp: Any, key: str, lock: Path) -> None:  # noqa: ARG001
    deaf = SingleInstance(key, lock)
    assert deaf.claim(DesktopOptions())
    assert not SingleInstance(key, lock).end_first(0.0)
    deaf.release()


def test_a_link_is_asked_about_and_never_just_done(face: Callable[..., Any]) -> None:
    made = face(samples.STATES["empty"])
    made.desktop.launches.again(DesktopOptions(link="tunneldesk://expose?port=3000&name=my-app"))
    dialog = made.desktop.exposing.dialog
    assert dialog.isVisible()
    assert made.commands.calls == []


def test_a_link_that_can_not_be_followed_says_why(face: Callable[..., Any]) -> None:
    made = face(samples.STATES["empty"])
    made.desktop.launches.again(DesktopOptions(link="tunneldesk://expose?port=<b>80</b>"))
    assert not made.desktop.exposing.dialog.isVisible()
    assert made.desktop.problems.dialog.problem.title == "That link can't be followed"
    assert '"<b>80</b>" is not a port' in made.desktop.problems.dialog.problem.text
