"""Surveys: what requesters thought. (Samples, scorecards and evaluations of finished work follow.)"""
