"""How it is deployed: containers, Kubernetes, gunicorn, nginx. `README.md` says which file is for what."""
