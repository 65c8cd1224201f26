// The parts of CloudBase's web SDK that pages need, as the global `cloudbase`.
import cloudbase from "@cloudbase/js-sdk";

globalThis.cloudbase = cloudbase;
