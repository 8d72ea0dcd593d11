"""JAR's register of entities, invented, as a file and as pages of the state data API, for tests/bench/transports.sh.

    jar_server.py FOLDER ROWS    writes FOLDER/JAR_IREGISTRUOTI.csv, prints its port, serves until stdin ends

/plain?FILE and /packed?FILE are the file as it is and as gzip packs it; everything else is the state data API. All answers are made
before the first question, so that whoever asks is measured and not this server.
"""

import gzip
import http.server
import os
import pathlib
import re
import sys
import threading

FILE = "JAR_IREGISTRUOTI.csv"
HEADINGS = "ja_kodas|ja_pavadinimas|adresas|ja_reg_data|form_kodas|form_pavadinimas|stat_kodas|stat_pavadinimas|stat_data_nuo|formavimo_data\n"
PAGE_HEADINGS = "_id,_revision,ja_kodas,ja_pavadinimas,pilnas_adresas,reg_data,forma._id,forma.kodas,statusas._id,statusas.kodas,stat_data,_page.next\n"
# As many as are asked for: page_rows.
PAGE_ROWS = 5000


def entity(number):
    """Code, name, address, day of registration, day of status."""
    day = f"20{number % 25:02}-{number % 12 + 1:02}-{number % 28 + 1:02}"
    return 300_000_000 + number, f"Išgalvotoji bendrovė {number}", f"Vilnius, Pramanytoji g. {number % 200 + 1}, LT-{number % 100000:05}", day, day


def file_row(number):
    code, name, address, registered, since = entity(number)
    return f'{code}|"UAB ""{name}"""|{address}|{registered}|310|Uždaroji akcinė bendrovė|0|Teisinis statusas neįregistruotas|{since}|2026-10-31\n'


def ids(number):
    return f"30000000-1111-4111-8111-{number:012}", f"40000000-2222-4222-8222-{number:012}"


def json_row(number, following):
    code, name, address, registered, since = entity(number)
    id, revision = ids(number)
    page = f'"_page":{{"next":"{following}"}},' if following else ""
    return (
        f'{{"_id":"{id}","_revision":"{revision}",{page}"ja_kodas":{code},"ja_pavadinimas":"UAB \\"{name}\\"","pilnas_adresas":"{address}",'
        f'"reg_data":"{registered}","forma":{{"kodas":310,"_id":"10000000-1111-4111-8111-000000000310"}},'
        f'"statusas":{{"kodas":0,"_id":"20000000-1111-4111-8111-000000000000"}},"stat_data":"{since}"}}\n'
    )


def csv_row(number, following):
    code, name, address, registered, since = entity(number)
    id, revision = ids(number)
    return (
        f'{id},{revision},{code},"UAB ""{name}""","{address}",{registered},10000000-1111-4111-8111-000000000310,310,'
        f"20000000-1111-4111-8111-000000000000,0,{since},{following}\n"
    )


def pages(rows, row, begin=""):
    """Bodies by the number of their first row; the one after the last is empty."""
    found = {rows: begin.encode()}
    for first in range(0, rows, PAGE_ROWS):
        after = min(first + PAGE_ROWS, rows)
        body = [row(number, after if number + 1 == after else "") for number in range(first, after)]
        found[first] = (begin + "".join(body)).encode()
    return found


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = self.path.replace("%22", '"')
        if path.startswith(("/plain?", "/packed?")):
            with open(self.server.folder / (FILE + (".gz" if path.startswith("/packed") else "")), "rb") as file:
                self.begin(os.fstat(file.fileno()).st_size)
                self.connection.sendfile(file)
            return
        if "?count()" in path:
            body = b'{"count()":%d}\n' % self.server.rows
        elif "changes/-1" in path:
            body = b'{"_cid":1,"_op":"insert","_id":"%s","_revision":"%s"}\n' % tuple(text.encode() for text in ids(0))
        else:
            place = re.search(r'&page\("(\d+)"\)', path)
            kind = self.server.csv if self.headers["accept"] == "text/csv" else self.server.json
            body = kind[int(place[1]) if place else 0]
        self.begin(len(body))
        self.wfile.write(body)

    def begin(self, length):
        self.send_response(200)
        self.send_header("content-length", str(length))
        self.end_headers()

    def log_message(self, *_):
        pass


def main(folder, rows):
    text = (HEADINGS + "".join(map(file_row, range(rows)))).encode()
    (folder / FILE).write_bytes(text)
    (folder / (FILE + ".gz")).write_bytes(gzip.compress(text, 6))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.folder, server.rows = folder, rows
    server.json, server.csv = pages(rows, json_row), pages(rows, csv_row, PAGE_HEADINGS)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), int(sys.argv[2]))
