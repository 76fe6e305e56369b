"""Owns what is thought of finished work: for now the surveys requesters answer.

Asking pulls resolved cases from `casework` on a schedule; what figures are made of it is `metrics`.
"""
