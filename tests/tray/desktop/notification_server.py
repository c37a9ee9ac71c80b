"""A notification server for one session bus: prints `ready`, then each notification as a line of JSON.

A program by itself, for the Python that has PyGObject.
"""

import json
from typing import Any

from gi.repository import Gio, GLib

NAME = "org.freedesktop.Notifications"
SPOKEN = f"""
<node><interface name="{NAME}">
  <method name="Notify">
    <arg direction="in" type="s"/><arg direction="in" type="u"/><arg direction="in" type="s"/>
    <arg direction="in" type="s"/><arg direction="in" type="s"/><arg direction="in" type="as"/>
    <arg direction="in" type="a{{sv}}"/><arg direction="in" type="i"/><arg direction="out" type="u"/>
  </method>
  <method name="CloseNotification"><arg direction="in" type="u"/></method>
  <method name="GetCapabilities"><arg direction="out" type="as"/></method>
  <method name="GetServerInformation">
    <arg direction="out" type="s"/><arg direction="out" type="s"/>
    <arg direction="out" type="s"/><arg direction="out" type="s"/>
  </method>
</interface></node>
"""
ANSWERS = {
    "Notify": ("(u)", (1,)),
    "CloseNotification": ("()", ()),
    "GetCapabilities": ("(as)", (["body"],)),
    "GetServerInformation": ("(ssss)", ("shown to nobody", "papertray", "1", "1.2")),
}


def called(_bus: Any, _who: str, _path: str, _name: str, method: str, given: Any, answer: Any) -> None:
    if method == "Notify":
        _program, _replaces, icon, head, message, *_more = given.unpack()
        print(json.dumps({"head": head, "message": message, "icon": icon}), flush=True)
    answer.return_value(GLib.Variant(*ANSWERS[method]))


bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
(spoken,) = Gio.DBusNodeInfo.new_for_xml(SPOKEN).interfaces
bus.register_object("/org/freedesktop/Notifications", spoken, called, None, None)
Gio.bus_own_name_on_connection(bus, NAME, 0, lambda *_: print("ready", flush=True), None)
GLib.MainLoop().run()
