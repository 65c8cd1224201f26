// What a page needs of CloudBase's web SDK, as the global `cloudbase`.
import cloudbase from "@cloudbase/js-sdk";

globalThis.cloudbase = cloudbase;
