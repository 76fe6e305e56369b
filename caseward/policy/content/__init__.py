"""What people write once and many use: versions of macros and playbooks, help in a crisis."""
