// Xsolla's Login SDK as the global `XsollaLogin`, under the name that the vendor's own build gives it.
import * as XsollaLogin from "@xsolla/login-sdk";

globalThis.XsollaLogin = XsollaLogin;
