"""A TCP proxy between the clients and the broker that can break what passes through it.

Kafka's frames are a 32-bit size and that many bytes; a request starts with its API key (16 bits), version (16),
correlation id (32) and the client's id. Only connections of clients whose ids begin with `victim` are broken; a lane's id
goes on with the address of its process.
"""

import asyncio
import random
import socket
import struct
import threading

END_TRANSACTION = 26
ADD_PARTITIONS = 24


class Connection:
    def __init__(self, client, broker):
        self.client, self.broker = client, broker
        self.is_victim = False
        self.is_deaf = False  # What the broker says is thrown away.

    def reset(self):
        # Lingering for no time makes the system send RST.
        raw = self.client[1].get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.client[1].transport.abort()


class Line:
    """One direction of a connection: bytes arrive in order, as late as the line is long, as fast as it is wide."""

    def __init__(self, proxy, connection, writer):
        self.proxy, self.connection, self.writer = proxy, connection, writer
        # What is on its way; a full line lets nothing more in, which is back pressure.
        self.way = asyncio.Queue(64)
        self.free = 0.0

    async def send(self, data):
        now = self.proxy.loop.time()
        due = now
        if self.connection.is_victim:
            if self.proxy.rate:
                self.free = max(self.free, now) + len(data) / self.proxy.rate
                due = self.free
            if self.proxy.delay:
                due += self.proxy.random.uniform(*self.proxy.delay)
        await self.way.put((due, data))

    async def run(self):
        while True:
            due, data = await self.way.get()
            late = due - self.proxy.loop.time()
            if late > 0:
                await asyncio.sleep(late)
            self.writer.write(data)
            await self.writer.drain()


class Proxy:
    def __init__(self, port, upstream, victim, seed=1):
        self.port, self.upstream, self.victim = port, upstream, victim.encode()
        self.random = random.Random(seed)
        self.delay = None  # Shortest and longest seconds that the victim's bytes are on their way.
        self.rate = None  # Bytes per second and direction that the victim's line takes.
        self.connections = set()
        self.loop = asyncio.new_event_loop()
        self.open = None  # Set while bytes of the victim may pass.
        self.next_commit = None  # What happens to the victim's next EndTxn that commits.
        self.parked = None
        self.broken = threading.Event()
        started = threading.Event()
        threading.Thread(target=self.run, args=(started,), daemon=True).start()
        started.wait()

    def run(self, started):
        asyncio.set_event_loop(self.loop)

        async def serve():
            self.open = asyncio.Event()
            self.open.set()
            await asyncio.start_server(self.accept, "127.0.0.1", self.port, limit=1 << 26)
            started.set()

        self.loop.create_task(serve())
        self.loop.run_forever()

    async def accept(self, reader, writer):
        try:
            broker = await asyncio.open_connection("127.0.0.1", self.upstream, limit=1 << 26)
        except OSError:
            writer.close()
            return
        connection = Connection((reader, writer), broker)
        self.connections.add(connection)
        there, back = Line(self, connection, broker[1]), Line(self, connection, writer)
        works = (self.requests(connection, there), self.answers(connection, back), there.run(), back.run())
        tasks = [asyncio.ensure_future(one) for one in works]
        try:
            # The first to end ends all: without one direction, or without its line, there is no connection.
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self.connections.discard(connection)
            for end in (writer, broker[1]):
                end.close()

    async def requests(self, connection, line):
        while True:
            size = await connection.client[0].readexactly(4)
            frame = await connection.client[0].readexactly(int.from_bytes(size, "big"))
            key = int.from_bytes(frame[0:2], "big")
            length = int.from_bytes(frame[8:10], "big")
            connection.is_victim = frame[10 : 10 + length].startswith(self.victim)
            if connection.is_victim:
                await self.open.wait()
                if key == ADD_PARTITIONS and self.parked is not None:
                    await self.release()
                if key == END_TRANSACTION and self.next_commit and self.commits(frame):
                    if self.next_commit(connection, size + frame):
                        continue
            await line.send(size + frame)

    async def answers(self, connection, line):
        while data := await connection.broker[0].read(1 << 16):
            if connection.is_victim:
                await self.open.wait()
            if not connection.is_deaf:
                await line.send(data)

    @staticmethod
    def commits(frame):
        # The last byte of the body says whether it commits; the flexible versions add one byte of tags.
        version = int.from_bytes(frame[2:4], "big")
        return (frame[-2] if version >= 3 else frame[-1]) == 1

    async def release(self):
        """Sends the parked request, late, on a connection of its own."""
        frame, self.parked = self.parked, None
        reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        writer.write(frame)
        await writer.drain()
        await asyncio.wait_for(reader.read(1 << 16), 5)
        writer.close()
        self.broken.set()

    def call(self, function):
        """Runs on the proxy's own thread."""
        self.loop.call_soon_threadsafe(function)

    # What can be broken.

    def reset_all(self):
        self.call(lambda: [one.reset() for one in list(self.connections) if one.is_victim])

    def freeze(self):
        self.call(self.open.clear)

    def thaw(self):
        self.call(self.open.set)

    def lengthen(self, shortest, longest):
        """Lets the victim's bytes take so many seconds each way."""
        self.delay = (shortest, longest)

    def narrow(self, bytes_per_second):
        self.rate = bytes_per_second

    def heal(self):
        self.delay = self.rate = None

    def lose_next_answer(self):
        """The next commit arrives; what the broker answers from there on is lost with its connection."""
        self.broken.clear()

        def lose(connection, _):
            self.next_commit = None
            connection.is_deaf = True
            self.broken.set()
            return False

        self.next_commit = lose

    def park_next_commit(self):
        """The next commit is held while its connection breaks, and let go once the next transaction has begun."""
        self.broken.clear()

        def park(connection, frame):
            self.next_commit = None
            self.parked = frame
            connection.reset()
            return True

        self.next_commit = park
