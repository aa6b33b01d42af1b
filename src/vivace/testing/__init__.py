"""A server without sockets: what `TestClient(app, door="wire")` speaks to.

    door        the client's request -> bytes; the answer -> the client's response
    connection  the two ends of a connection in memory
    answer      bytes of the server -> head and pieces of the body
    server      the wire protocol, as a server would make it for each connection

It knows the wire and the client library; neither of them knows it.
"""
