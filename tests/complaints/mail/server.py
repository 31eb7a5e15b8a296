"""A real IMAP server and a real SMTP server on loopback, each in a thread of its own."""

import asyncio
from argparse import Namespace
from contextlib import contextmanager
from itertools import count
from threading import Event, Thread

from aiosmtpd.controller import Controller
from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.backend.dict.mailbox import Message
from pymap.fetch import FetchRequirement
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pysasl.hashing import BuiltinHash

USER, PASSWORD = "support@kamerton.test", "pass/word @ 1"
ARGUMENTS = {
    "host": None, "port": 0, "cert": None, "key": None, "tls": False, "debug": False,
    "proxy_protocol": None, "passlib_cfg": None, "inherited_sockets": None, "demo_data": False,
    "demo_user": USER, "demo_password": PASSWORD,
}  # fmt: skip


class ImapServer:
    """pymap with one mailbox in memory; tests put letters in and look at their flags."""

    def __init__(self):
        self._loop = asyncio.new_event_loop()
        self._ready = Event()
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(20)

    def _run(self):
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._start())
        self._ready.set()
        self._loop.run_forever()
        self._server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    async def _start(self):
        # One round of hashing: the password of a test need not resist anybody.
        backend, self._config = await DictBackend.init(
            Namespace(**ARGUMENTS), invalid_user_sleep=0, hash_context=BuiltinHash(rounds=1)
        )
        self._config.apply_context()
        self._identity = backend.login.demo_user_identity
        serve = ProxyProtocolReader(self._config.proxy_protocol).get_callback(
            IMAPServer(backend.login, self._config)
        )
        self._server = await asyncio.start_server(serve, host="127.0.0.1", port=0)
        self.port = self._server.sockets[0].getsockname()[1]
        await self._open()

    async def _open(self):
        self._config.set_cache.clear()
        async with self._identity.new_session() as session:
            self.inbox = await session.mailbox_set.get_mailbox("INBOX")

    def _do(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def put(self, *letters, at):
        """Deliver the letters; each gets the next uid."""

        async def append():
            return [
                (await self.inbox.append(AppendMessage(letter, at, frozenset()))).uid
                for letter in letters
            ]

        return self._do(append())

    def remove(self, *uids):
        self._do(self.inbox.delete(list(uids)))

    def empty(self):
        """Begin anew: another mailbox under the same name."""
        self._do(self._open())

    def renumber(self):
        """Give every letter another number, as a server does after a restore."""

        async def again():
            letters = [each async for each in self.inbox.messages()]
            await self._open()
            for each in letters:
                raw = bytes(each._content) if hasattr(each, "_content") else b""
                await self.inbox.append(AppendMessage(raw, each.internal_date, frozenset()))

        self._do(again())

    def hang_at(self, uid):
        """Let the server list this letter and never hand it out; return what is set when asked."""
        asked, times = Event(), count(1)

        class Hanging(Message):
            async def load_content(self, requirement):
                if FetchRequirement.BODY in requirement and next(times) > 1:
                    asked.set()
                    await asyncio.sleep(3600)
                return await super().load_content(requirement)

        async def replace():
            was = self.inbox._messages[uid]
            kept = {"email_id": was.email_id, "thread_id": was.thread_id, "content": was._content}
            self.inbox._messages[uid] = Hanging(uid, was.internal_date, frozenset(), **kept)
            return was

        self._hung = (uid, self._do(replace()))
        return asked

    def let_go(self):
        uid, was = self._hung
        self.inbox._messages[uid] = was

    def missing(self, uids):
        return set(uids) - set(self.inbox._messages)

    def flags(self):
        return {flag for each in self.inbox._messages.values() for flag in each.permanent_flags}

    def close(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(20)


class Inbox:
    """What an SMTP server was given, as it came over the wire."""

    def __init__(self, refuses=()):
        self.letters, self.refuses = [], refuses

    async def handle_RCPT(  # noqa: N802 -- the name aiosmtpd calls
        self, server, session, envelope, address, options
    ):
        if address in self.refuses:
            return "550 5.1.1 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 -- as above
        self.letters.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


class AnyPort(Controller):
    """Listens on a port that is free; the original looks for itself on port 0."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def smtp_server(**options):
    inbox = Inbox(**options)
    controller = AnyPort(inbox, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        inbox.port = controller.port
        yield inbox
    finally:
        controller.stop()
