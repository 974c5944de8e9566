"""Photos of complaints: how many a second `web` takes, and how many one process makes anew without what the camera wrote into them."""

import asyncio
import io
import time
from collections.abc import Sequence
from functools import partial
from random import Random
from uuid import UUID, uuid4

from PIL import Image

from benchmarks.arrivals import Doors
from benchmarks.complaints_life import People
from benchmarks.figures import Figure
from benchmarks.places import Measured, apart, config
from complaints.model.complaint_photo import ComplaintPhoto
from complaints.service import SERVICE
from smartcity import clock
from smartcity.files.reencoding import reencode
from smartcity.service import begin

COMPLAINTS, EACH, WIDE, HIGH = 16, 6, 1600, 1200


def photo(seed: int) -> bytes:
    """A JPEG as telephones send them after making them smaller: rough, about a third of a megabyte."""
    rough = Image.frombytes("L", (WIDE // 4, HIGH // 4), Random(seed).randbytes(WIDE * HIGH // 16)).resize((WIDE, HIGH))
    out = io.BytesIO()
    rough.convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue()


def form(path: str, token: str, content: bytes) -> bytes:
    """A photo on its way to a complaint."""
    line = uuid4().hex
    head = f'--{line}\r\nContent-Disposition: form-data; name="file"; filename="foto.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    body = head.encode() + content + f"\r\n--{line}--\r\n".encode()
    lines = (
        f"Host: a\r\nAuthorization: Bearer {token}\r\nContent-Type: multipart/form-data; boundary={line}\r\nContent-Length: {len(body)}\r\n"
    )
    return f"POST {path}/photos HTTP/1.1\r\n{lines}\r\n".encode() + body


async def sent(doors: Doors, people: People) -> tuple[float, list[UUID]]:
    """Photos a second, each stored and committed, and their ids; a complaint's own one after the other."""
    content, idents = photo(1), list[UUID]()
    paths = [(await people.file(doors))[1] for _ in range(COMPLAINTS)]

    async def of_one(path: str) -> None:
        for _ in range(EACH):
            _, taken = await doors.ask(form(path, people.citizen, content))
            idents.append(UUID(taken["id"]))

    began = time.perf_counter()
    await asyncio.gather(*(of_one(path) for path in paths))
    return len(idents) / (time.perf_counter() - began), idents


def made_anew(database_url: str, files: str, idents: Sequence[UUID]) -> float:
    """Photos a second, a commit each, as `work` does it."""
    database = begin(SERVICE, config(SERVICE, database_url, "embedded:///dev/null", FILES_URL=f"file://{files}"))
    began = time.perf_counter()
    for ident in idents:
        with database.transaction() as session:
            reencode(session, str(session.get_one(ComplaintPhoto, ident).file_id), clock.now())
    return len(idents) / (time.perf_counter() - began)


def figures(database_url: str, files: str, doors: Doors, people: People) -> Measured:
    """Taken, then made anew."""
    taken, idents = asyncio.run(sent(Doors(doors.ports), people))
    yield Figure(f"photos of {len(photo(1)) // 1000} kB taken by two web processes", taken, "/s")
    (anew,) = apart(partial(made_anew, database_url, files, idents))
    yield Figure("photos made anew, with their small ones, by one process", anew, "/s")
