"""The door: what is taken is stored for good, what is refused is told why."""

import asyncio
import smtplib
import socket
import ssl
import subprocess
import time
from pathlib import Path

import pytest
from django.conf import settings

from caseward.channels.email.dialogue import NotNow
from caseward.channels.email.listening import listening
from caseward.channels.models import RawMail
from caseward.jobs.embedded import Cluster, ensure_cluster, stop_cluster
from caseward.org.acting import Actor, acting
from tests.builders import a_mailbox
from tests.channels.mail_samples import a_mail
from tests.channels.post import SUPPORT, a_client, a_listener
from tests.channels.test_mail_hostile import BOMBS

MAIL = a_mail(Message_ID="<one@example.com>")


@pytest.fixture
def mailbox(committed_db):
    with acting(Actor.system("tests")):
        a_mailbox()


@pytest.fixture
def port(mailbox):
    with a_listener() as number:
        yield number


def all_stored() -> list[RawMail]:
    with acting(Actor.system("tests")):
        return list(RawMail.objects.order_by("pk"))


def talk(port: int, *lines: str, end: bytes = b"QUIT\r\n") -> str:
    """Send lines at once, as pipelining clients do, and return everything answered."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall("".join(f"{line}\r\n" for line in lines).encode() + end)
        answer = b""
        while more := connection.recv(65536):
            answer += more
    return answer.decode()


def test_a_mail_is_stored_byte_for_byte(port: int):
    content = MAIL + b"\r\n.a line with a dot\r\n..and two\r\n" + bytes(range(128, 256)) + b"\r\n"

    with a_client(port) as client:
        client.sendmail("asha@example.com", [SUPPORT], content, ["body=8bitmime"])

    (mail,) = all_stored()
    assert bytes(mail.content) == content
    assert (mail.sender, mail.recipients, mail.state) == ("asha@example.com", [SUPPORT], "WAITING")


def test_the_door_says_what_it_offers(port: int):
    with a_client(port) as client:
        client.ehlo()
        offered = set(client.esmtp_features)

    assert client.esmtp_features["size"] == "100000"
    assert {"pipelining", "8bitmime", "smtputf8", "enhancedstatuscodes"} <= offered


def test_commands_sent_together_are_answered_in_order(port: int):
    lines = ["EHLO c", "MAIL FROM:<a@example.com>", f"RCPT TO:<{SUPPORT}>", "DATA"]

    answers = talk(port, *lines, end=MAIL + b"\r\n.\r\nNOOP\r\nQUIT\r\n")

    codes = [line[:3] for line in answers.splitlines() if line[3:4] == " "]
    assert codes == ["220", "250", "250", "250", "354", "250", "250", "221"]
    assert len(all_stored()) == 1


def test_the_same_mail_delivered_again_is_stored_once(port: int):
    again = b"Received: by backup.example; again\r\n" + MAIL.replace(b"\r\n", b"\n")
    with a_client(port) as client:
        for content in (MAIL, MAIL, again):
            client.sendmail("asha@example.com", [SUPPORT], content)

    assert len(all_stored()) == 1


def test_two_mails_without_an_id_are_two_unless_they_are_byte_for_byte_one(port: int):
    with a_client(port) as client:
        for text in ("Help", "Help", "Help me"):
            client.sendmail("asha@example.com", [SUPPORT], a_mail(text))

    assert len(all_stored()) == 2


def test_a_mail_over_the_limit_is_refused_with_the_limit_named(port: int):
    with a_client(port) as client:
        client.ehlo()
        code, words = client.mail("asha@example.com", ["SIZE=100001"])
    assert (code, b"at most 100000 bytes" in words) == (552, True)

    with a_client(port) as client, pytest.raises(smtplib.SMTPDataError) as refused:
        client.helo()
        client.sendmail("asha@example.com", [SUPPORT], b"x" * 250_000)
    assert refused.value.smtp_code == 552
    assert b"at most 100000 bytes" in bytes(refused.value.smtp_error)
    assert all_stored() == []


def test_a_mail_of_exactly_the_limit_is_taken(port: int):
    content = MAIL + b"\r\n" + b"x" * (100_000 - len(MAIL) - 4) + b"\r\n"

    with a_client(port) as client:
        client.sendmail("asha@example.com", [SUPPORT], content)

    assert len(bytes(all_stored()[0].content)) == 100_000


def test_a_client_that_never_ends_its_mail_is_left(port: int):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(f"EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<{SUPPORT}>\r\nDATA\r\n".encode())
        with pytest.raises(OSError):
            for _ in range(1_000):
                connection.sendall(b"x" * 100_000)


def test_one_line_may_be_as_long_as_the_mail(port: int):
    with a_client(port) as client:
        client.sendmail("asha@example.com", [SUPPORT], MAIL + b"\r\n\r\n" + b"x" * 90_000)

    assert len(all_stored()) == 1


def test_unknown_recipients_are_refused_in_the_dialogue(port: int):
    with a_client(port) as client, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        client.sendmail("asha@example.com", ["nobody@caseward.example"], MAIL)

    code, words = refused.value.recipients["nobody@caseward.example"]
    assert code == 550
    assert b"check its spelling" in words


@pytest.mark.parametrize(
    "address",
    [
        SUPPORT.upper(),
        "support+cw-7f3k-9qx.abcdefghijklmnop@caseward.example",
        "postmaster@caseward.example",
        "postmaster",
    ],
)
def test_our_addresses_are_known_however_they_are_written(port: int, address: str):
    answer = talk(port, "EHLO c", "MAIL FROM:<>", f"RCPT TO:<{address}>")

    assert "250 2.1.5 OK" in answer


def test_mail_for_elsewhere_is_not_relayed(port: int):
    for address in ("someone@example.org", "postmaster@example.org", "support@example.org"):
        assert "550 5.1.1" in talk(port, "EHLO c", "MAIL FROM:<>", f"RCPT TO:<{address}>")


def test_too_many_recipients_are_told_how_many_go_at_once(port: int):
    with a_client(port) as client:
        client.ehlo()
        client.mail("asha@example.com")
        codes = [client.rcpt(f"support+{n}@caseward.example")[0] for n in range(6)]
        _code, words = client.rcpt("support+7@caseward.example")

    assert codes == [250] * 5 + [452]
    assert b"At most 5 recipients" in words


def test_ten_thousand_recipients_end_the_conversation(port: int):
    lines = [f"RCPT TO:<user{n}@caseward.example>" for n in range(10_000)]

    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(b"EHLO c\r\nMAIL FROM:<>\r\n")
        answer = b""
        try:
            connection.sendall("".join(f"{line}\r\n" for line in lines).encode())
            while more := connection.recv(65536):
                answer += more
        except OSError:
            pass
    assert answer.count(b"550 5.1.1") <= 50
    assert all_stored() == []


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("RCPT TO:<a@b.example>", "503"),
        ("DATA", "503"),
        ("MAIL TO:<a@b.example>", "501"),
        ("MAIL FROM:<a@b.example> RET=FULL", "555"),
        ("MAIL FROM:<a@b.example> SIZE=many", "555"),
        ("STARTTLS", "503"),
        ("NONSENSE", "500"),
        ("VRFY support", "252"),
        ("x" * 5_000, "500"),
        ("MAIL FROM:<" + "a" * 400 + "@b.example>", "501"),
        ("MAIL FROM:<a\x01b@c.example>", "501"),
    ],
)
def test_a_wrong_command_is_told_what_is_right(port: int, line: str, answer: str):
    answers = talk(port, "EHLO c", line).splitlines()

    assert answers[-2].startswith(answer)


def test_nothing_goes_before_the_greeting(port: int):
    assert "503" in talk(port, "MAIL FROM:<a@b.example>")


def test_an_end_that_only_careless_servers_see_smuggles_nothing_in(port: int):
    smuggled = MAIL + b"\r\n\n.\nMAIL FROM:<eve@example.net>\r\nRCPT TO:<x>\r\nDATA\r\n.\r\n"
    lines = ["EHLO c", "MAIL FROM:<a@example.com>", f"RCPT TO:<{SUPPORT}>", "DATA"]

    talk(port, *lines, end=smuggled + b"QUIT\r\n")

    (mail,) = all_stored()
    assert b"MAIL FROM:<eve@example.net>" in bytes(mail.content)


def test_addresses_outside_ascii_are_taken(port: int):
    answers = talk(port, "EHLO c", "MAIL FROM:<आशा@example.com> SMTPUTF8", f"RCPT TO:<{SUPPORT}>")

    assert answers.count("250 2.1") == 2


def test_lmtp_answers_for_every_recipient(mailbox, tmp_path: Path):
    path = tmp_path / "lmtp"
    with a_listener(lmtp=str(path)):
        client = smtplib.LMTP(str(path))
        client.sendmail("asha@example.com", [SUPPORT, "postmaster@caseward.example"], MAIL)
        client.quit()
    (mail,) = all_stored()
    assert len(mail.recipients) == 2


def test_starttls_encrypts_what_follows(mailbox, tmp_path: Path):
    certificate = a_certificate(tmp_path)
    context = ssl.create_default_context(cafile=str(certificate))
    context.check_hostname = False
    with a_listener(certificate=str(certificate)) as port, a_client(port) as client:
        client.ehlo()
        assert "starttls" in client.esmtp_features
        client.starttls(context=context)
        client.ehlo()
        assert "starttls" not in client.esmtp_features
        client.sendmail("asha@example.com", [SUPPORT], MAIL)
    assert len(all_stored()) == 1


def test_what_is_sent_together_with_starttls_is_not_believed(mailbox, tmp_path: Path):
    with a_listener(certificate=str(a_certificate(tmp_path))) as port:
        assert "421" in talk(port, "EHLO c", "STARTTLS", "MAIL FROM:<eve@example.net>")


def a_certificate(folder: Path) -> Path:
    file = folder / "mail.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
         "-subj", "/CN=caseward.example", "-keyout", str(file), "-out", str(folder / "crt")],
        check=True, capture_output=True,
    )  # fmt: skip
    file.write_text((folder / "crt").read_text() + file.read_text())
    return file


def test_beyond_the_most_connections_a_client_is_asked_to_come_back(mailbox):
    with a_listener(most_connections=2) as port, a_client(port), a_client(port):
        with pytest.raises(smtplib.SMTPConnectError) as refused:
            smtplib.SMTP("127.0.0.1", port)
        assert refused.value.smtp_code == 421


def test_too_much_mail_at_once_is_put_off(mailbox):
    with a_listener(most_bytes=1_000, most_bytes_in_hand=1_500) as port:
        begin = f"EHLO c\r\nMAIL FROM:<> SIZE=900\r\nRCPT TO:<{SUPPORT}>\r\nDATA\r\n".encode()
        with socket.create_connection(("127.0.0.1", port), timeout=20) as first:
            first.sendall(begin)
            while b"354" not in first.recv(4096):
                pass
            assert "452 4.3.1" in talk(
                port, "EHLO c", "MAIL FROM:<> SIZE=900", f"RCPT TO:<{SUPPORT}>", "DATA"
            )
            first.sendall(MAIL[:500] + b"\r\n.\r\n")
            assert b"250" in first.recv(4096)


def test_a_silent_client_is_left(mailbox):
    with a_listener(patience=0.3) as port, socket.create_connection(("127.0.0.1", port)) as client:
        assert client.recv(100).startswith(b"220")
        assert client.recv(100) == b""


def test_many_senders_at_once_are_all_stored(port: int):
    async def send(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        mail = a_mail(Message_ID=f"<{number}@example.com>")
        lines = f"EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<{SUPPORT}>\r\nDATA\r\n".encode()
        writer.write(lines + mail + b"\r\n.\r\nQUIT\r\n")
        assert b"250 2.0.0 We have it." in await reader.read()
        writer.close()

    async def all_at_once() -> None:
        await asyncio.gather(*(send(number) for number in range(60)))

    asyncio.run(all_at_once())

    assert len(all_stored()) == 60


def test_a_mail_postgresql_cannot_hold_is_put_off_and_the_others_are_stored(port: int, mailbox):
    from caseward.channels.email.storing import Raw, Store
    from tests.builders import MONDAY_9AM

    async def put() -> list[object]:
        store = Store(settings.DATABASE_URL)
        storing = asyncio.create_task(store.run())
        good, bad = (Raw(MONDAY_9AM, sender, [SUPPORT], MAIL) for sender in ("a", "\x00"))
        answers = await asyncio.gather(store.put(good), store.put(bad), return_exceptions=True)
        storing.cancel()
        return answers

    answers = asyncio.run(put())

    assert answers[0] is None
    assert isinstance(answers[1], NotNow)
    assert len(all_stored()) == 1


@pytest.fixture
def own_cluster(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("cluster")
    for parent in (folder, *folder.parents[:3]):
        parent.chmod(0o755)
    with ensure_cluster(folder / "data", durable=False) as cluster:
        yield cluster
        stop_cluster(folder / "data")


def test_while_the_database_is_away_senders_are_asked_to_try_again(own_cluster: Cluster):
    prepare(own_cluster)
    with a_listener(url=own_cluster.url_for("cw_app")) as port, a_client(port) as client:
        client.sendmail("asha@example.com", [SUPPORT], MAIL)

        own_cluster.stop()
        assert not own_cluster.server.answers(own_cluster.port)
        with pytest.raises(smtplib.SMTPDataError) as refused:
            client.sendmail(
                "asha@example.com", [SUPPORT], a_mail("Two", Message_ID="<2@x.example>")
            )
        assert refused.value.smtp_code == 451

        own_cluster.recover()
        client.sendmail("asha@example.com", [SUPPORT], a_mail("Two", Message_ID="<2@x.example>"))
    assert count(own_cluster) == 2


def prepare(cluster: Cluster) -> None:
    """Give a cluster the tables and a mailbox, in a process of its own."""
    run_on(cluster, "migrate")
    run_on(cluster, "apply", "operations/demo")
    run_sql(cluster, f"UPDATE channels_mailbox SET address = '{SUPPORT}' WHERE id = 1")


def run_on(cluster: Cluster, *arguments: str) -> None:
    import os
    import sys

    environment = {
        **os.environ,
        "DATABASE_URL": cluster.url_for("cw_app"),
        "CASEWARD_OWNER_DATABASE_URL": cluster.url_for("cw_owner"),
    }
    command = [sys.executable, "-m", "caseward.jobs", *arguments]
    subprocess.run(command, check=True, env=environment, capture_output=True)


def run_sql(cluster: Cluster, statement: str) -> list[tuple[object, ...]]:
    import psycopg

    with psycopg.connect(cluster.url_for("cw_owner"), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def count(cluster: Cluster) -> int:
    return int(str(run_sql(cluster, "SELECT count(*) FROM channels_rawmail")[0][0]))


def test_a_listener_that_begins_without_a_database_waits_for_it(own_cluster: Cluster):
    prepare(own_cluster)
    own_cluster.stop()
    with a_listener(url=own_cluster.url_for("cw_app")) as port, a_client(port) as client:
        client.ehlo()
        client.mail("asha@example.com")
        assert client.rcpt(SUPPORT)[0] == 451

        own_cluster.recover()
        time.sleep(0.1)
        assert client.rcpt(SUPPORT)[0] == 250


def test_listening_ends_with_its_block(mailbox):
    with a_listener() as port:
        pass
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    assert callable(listening)


def test_no_bomb_stops_the_door(mailbox):
    with a_listener(most_bytes=30_000_000) as port, a_client(port) as client:
        for make in BOMBS.values():
            client.sendmail("a@example.com", [SUPPORT], make())
    assert len(all_stored()) == len(BOMBS)
