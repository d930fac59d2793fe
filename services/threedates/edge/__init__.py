"""The edge: all that waits, looks at a clock or talks to the world; imports core and schemas, never a service."""
