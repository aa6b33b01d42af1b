"""A food-delivery service in one process or many: what a real backend on Vivace and its kit looks like.

    app          the application: parts and features put together
    settings     what the environment says
    parts        what all features share: database, store, cache, limits, tracking
    database     what tables have in common
    migrate      the database's schema, brought up to date
    logs         a line of JSON for each request
    errors       what goes wrong, as clients are told
    identity     who somebody is: accounts, tokens, roles
    catalog      restaurants and their menus
    ordering     carts, payments, and an order's way from placed to delivered
    delivery     couriers, the city's streets, and tracking
    notifications, suggestions, reporting
    page         the web pages
    seed         a city to begin with
    simulation   people who live in it
    deploy       containers, Kubernetes, gunicorn, nginx

Each feature is a folder: `routes` knows HTTP and nothing else, `service` does the work, `models` are its tables,
`schemas` what goes over the wire.
"""
