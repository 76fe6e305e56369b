"""Pages for what is written once and used by many: macros, playbooks, rules, help in a crisis."""
