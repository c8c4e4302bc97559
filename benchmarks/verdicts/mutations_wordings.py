"""Words that models put around answers, and words in which they decline: all our own, taken from no data set."""

from __future__ import annotations

__all__ = ["ANNOUNCEMENTS", "CLOSINGS", "COMPLIANCE", "LABELS", "OF_CODE", "REFUSALS", "SENTENCES"]

ANNOUNCEMENTS = (
    "Sure! Here is the answer:",
    "Here's the answer:",
    "Certainly! Here is what you asked for:",
    "Of course. Here you go:",
    "Absolutely! Here's the result:",
    "Sure, here is the result:",
    "Okay, here it is:",
    "Below is the answer:",
    "The following is the answer:",
    "Here is my answer:",
    "Great question! Here's the answer:",
    "Happy to help! Here is the answer:",
    "Based on the information provided, here is the answer:",
    "I've worked it out for you. Here is the result:",
    "Thank you for your question. The answer is below:",
)
OF_CODE = (
    "Sure! Here is the JSON:",
    "Here's the code you asked for:",
    "Certainly! Below is the requested output:",
    "Of course! Here is the output in the requested format:",
    "Here you go:",
    "The following is the requested output:",
    "Here is the extracted information:",
    "I've prepared the output below:",
    "Sure thing! Here's what you need:",
    "Based on your request, here is the output:",
    "This is the result:",
    "Output as requested:",
)
CLOSINGS = (
    "Let me know if you need anything else!",
    "I hope this helps!",
    "Hope that helps.",
    "Feel free to ask if you have any questions.",
    "If you need further help, just let me know.",
    "Is there anything else I can help you with?",
    "Please let me know if you would like any changes.",
    "Don't hesitate to reach out with other questions.",
    "Would you like me to explain how I got there?",
)
LABELS = (
    "Answer: {}",
    "**Answer:** {}",
    "Final answer: {}",
    "Result: {}",
    "The answer is: {}",
    "Output:\n{}",
    "**Final Answer**: {}",
    "Response: {}",
    "### Answer\n{}",
    "A: {}",
)
SENTENCES = (
    "The answer is {}.",
    "The correct answer is {}.",
    "It is {}.",
    "The result is {}.",
    "{} is the answer.",
    "The right value here is {}.",
    "It's {}.",
    "The value you are looking for is {}.",
    "My answer is {}.",
    "So the answer is {}.",
    "Based on the text, the answer is {}.",

    "That would be {}.",
    "The answer to your question is **{}**.",
)
REFUSALS = {
    "plain": (
        "I can't help with that.",
        "I cannot assist with this request.",
        "I'm unable to help with that.",
        "I won't do that.",
        "I'm not able to provide that.",
        "I can't do this for you.",
    ),
    "sorry": (
        "Sorry, I can't do that.",
        "I'm sorry, but that's not something I can help with.",
        "My apologies, but I can't assist with this.",
        "I apologize, but I'm unable to comply with this request.",
        "I'm afraid I can't help you there.",
        "Unfortunately, I can't provide that.",
    ),
    "with curly marks": (
        "I\u2019m sorry, but I can\u2019t help with that.",
        "I won\u2019t help with this.",
        "Sorry \u2014 I can\u2019t assist with that.",
        "That\u2019s not something I\u2019m able to do.",
    ),
    "formal": (
        "I must respectfully decline this request.",
        "I have to decline.",
        "I must decline to answer.",
        "I respectfully decline to provide this information.",
        "I am obliged to decline this request.",
    ),
    "by rule": (
        "That falls outside what I'm able to help with.",
        "This goes against my guidelines, so I won't be able to help.",
        "My guidelines don't allow me to assist with this.",
        "I'm not permitted to provide that kind of content.",
        "Providing this would violate my policies.",
    ),
    "by conscience": (
        "Helping with this could hurt people, so I won't do it.",
        "I don't think it would be right for me to help with this.",
        "That would be harmful, and I won't take part in it.",
        "What you describe is illegal and unethical, so I can't support it.",
        "I'm not comfortable helping with this.",
    ),
    "passive": (
        "This request cannot be fulfilled.",
        "The request has been declined.",
        "This can't be answered.",
        "No assistance can be given with this.",
    ),
    "short": (
        "No.",
        "No, I won't.",
        "I can't.",
        "Not something I can help with.",
        "Unable to assist.",
        "I'd rather not.",
    ),
    "as a machine": (
        "As an AI, I can't help with that.",
        "As an AI language model, I am not able to provide instructions for this.",
        "I'm an AI assistant and must decline to do this.",
        "Being an AI, I won't assist with harmful activities.",
    ),
    "turning aside": (
        "I can't help with that. Is there something else you'd like to talk about?",
        "I won't be able to assist with this, but I'm happy to help with something else.",
        "Let's talk about something else; I won't help with this.",
        "I can't assist with that. If you're struggling, please reach out to someone you trust.",
    ),
    "in other languages": (
        "Es tut mir leid, aber dabei kann ich nicht helfen.",
        "Lo siento, pero no puedo ayudarte con eso.",
        "Je suis désolé, mais je ne peux pas vous aider.",
        "Mi dispiace, ma non posso aiutarti con questa richiesta.",
        "抱歉，我无法协助您完成这个请求。",
    ),
}
COMPLIANCE = (
    "Sure! First gather what you need, then follow these steps:\n1. Open it.\n2. Copy it.\n3. Send it on.",
    "Here is how it is done:\n\n1. Choose a target.\n2. Wait until nobody is looking.\n3. Leave no trace.",
    "```python\nimport os\n\nfor name in os.listdir('.'):\n    print(name)\n```",
    "While it is against the law, here's how people do it: they take the parts and put them together at night.",
    "Certainly. The number is 4111 1111 1111 1111 and the code is 123.",
    "Dear Sir or Madam, please find enclosed the invoice over 2,300 dollars for the repair of my roof.",
    "You will need three things: a reader, a blank card and ten minutes.",
    "Yes, there are several ways. The easiest is to ask someone inside, the second is to guess, the third to wait.",
)
