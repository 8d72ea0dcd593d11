// The packer of XLSX without threads: it would start them from blobs, which the pages' policy forbids.
import { zipSync } from "./node_modules/fflate/esm/browser.js";

export * from "./node_modules/fflate/esm/browser.js";

export function zip(files, options, done = options) {
  try {
    done(null, zipSync(files));
  } catch (error) {
    done(error);
  }
}
