"""The tooling of the course: read it, do not edit it."""
