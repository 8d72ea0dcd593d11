// Stands before DuckDB's own worker: all that it can reach is the program beside it, packed. A page's policy does not bind its worker.
{
  const PROGRAM = new URL("duckdb-eh.wasm.gz", self.location).href;
  const read = self.fetch.bind(self);
  const unpacked = (bytes) => {
    const stream = new Blob([bytes]).stream();
    const [first, second] = new Uint8Array(bytes, 0, 2);
    // A server may say that the file is packed only for the way; the browser has unpacked it then.
    return first === 0x1f && second === 0x8b ? stream.pipeThrough(new DecompressionStream("gzip")) : stream;
  };
  self.fetch = async (asked) => {
    if ((asked.url ?? String(asked)) !== PROGRAM) throw new TypeError("nothing else is read");
    const answer = await read(PROGRAM);
    if (!answer.ok) throw new TypeError(`the program: ${answer.status}`);
    return new Response(unpacked(await answer.arrayBuffer()), { headers: { "content-type": "application/wasm" } });
  };
  for (const name of ["XMLHttpRequest", "WebSocket", "WebTransport", "EventSource", "Worker", "SharedWorker", "importScripts", "indexedDB", "caches"]) {
    Object.defineProperty(self, name, { value: undefined, writable: false, configurable: false });
  }
}
